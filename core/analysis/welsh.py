"""Welsh: mutations, apostrophes, plurals and endings brought together.

The first letter of a Welsh word changes with the word before it: cath, ei gath, ei chath, fy
nghath. Which word a mutated one comes from can't always be told (fis is mis; fin is min or bin), so
all letters that can stand for one another count as one. That joins a few words that have nothing
to do with each other, and loses none that belong together.

Endings are taken off by two lists, those of plurals and verbs first, then those that make one word
from another: atgyweiriadau, atgyweirio, atgyweiriwyd and atgyweiriad meet in atgyweir. What no
rule reaches stands in a table.
"""

from __future__ import annotations

import re
from typing import Any

from core.analysis.analyser import Analyser, alike

_EVERYDAY = (
    "a â ac ag ai am ân ar at ati ato arni arno arnon arnoch atoch aton bo bod bob bu bues "
    "buodd bydd byddai byddan byddwch byddwn byddwyd cael caiff cafodd chaiff chael ces cyn "
    "chi chithau dan dal dau ddau dim ddim dod dwy ddwy dy drwy dros dw dwi dylai dyma dyna "
    "efo ei eich ein er eto eu fe fel felly fi fo fod fy fydd fyddai fyddwn fyddwch fyddan "
    "gael gafodd gan ganddi ganddo gen gyda gydag hefyd heb hi hon honno hwn hwnnw hyd "
    "hyn hynny hynna i iawn iddi iddo iddyn imi in inni ill lle ma mae maen mai man mi min "
    "mo mod mor mynd na nad nac nag ne neb neu nes ni nid nhw nod o oedd oeddech oedden "
    "oeddwn oes oeddynt oherwydd ohono ohoni ond os pan pam pe pob pwy rhag roedd roeddech "
    "roedden roeddwn rwy rwyf rwyt rydw rydych rydyn rydym sut sy sydd tan ti tra trwy tua "
    "un unrhyw wedi wedyn wna wnaeth wneud wnaethon wnewch wnawn wrth wrthyn y ych ydi ydw "
    "ydy ydych ydyn ydym yma yn yna yno yr ynghylch yw"
)
_KEEPS = re.compile("chw[aeiouwy]")  # chwaer and chwarae are no mutations; chwyn are weeds
# What may stand for each other at the beginning of a word; longer ones are looked at first.
_INITIALS = (
    *(("ngh", ""), ("ng", ""), ("mh", "p"), ("nh", "t"), ("ph", "p"), ("th", "t"), ("ch", "")),
    *(("dd", "t"), ("ff", "ff"), ("ll", "l"), ("rh", "r"), ("c", ""), ("g", ""), ("p", "p")),
    *(("b", "p"), ("f", "p"), ("m", "p"), ("t", "t"), ("d", "t"), ("n", "t"), ("h", "")),
)
_BARE = 3  # letters that must be left where an initial is dropped whole
_SHORT = {"ngh": "c", "ng": "c", "ch": "c", "c": "c", "g": "c", "h": "h"}  # where fewer are left

# Endings of plurals, verbs and their persons; one is taken off, the longest that fits.
_ENDINGS = (
    "oedd aid iaid iau ion au on od edd ydd ed i wyd odd ais ir wn wch iwch iff io o u a af "
    "ai asant asom ent enni iannau wyr"
)
# Endings that make another word of one: an act, an agent, a quality.
_MAKINGS = "iad ad iant aeth ydd wr og ol us der edig adwy iadwy wch iwr llyd"
_AGAIN = {"enni": "en", "iannau": "iant", "wyr": "wr"}  # what an ending leaves behind
_REST = 3  # letters that an ending leaves
_LONG_REST = {"on": 4, "ed": 4, "edd": 4, "ydd": 4, "ol": 4, "og": 4, "us": 4, "der": 4, "ad": 4}

# Plurals and forms that change inside, by the word that they belong to.
_FORMS = (
    "ty tai teios,car ceir,ci cwn,gardd gerddi,to toeau toau,llawr lloriau,awr oriau,plentyn "
    "plant,ffordd ffyrdd,troed traed,llaw dwylo,gair geiriau,mab meibion,merch merched,brawd "
    "brodyr,chwaer chwiorydd,carreg cerrig,castell cestyll,cymydog cymdogion cymdogaeth "
    "gymdogaethau cymdogaethau,blwyddyn blynyddoedd blynedd,noson nosweithiau nosau nos "
    "noswaith,gwraig gwragedd,llygoden llygod,coeden coed,blodyn blodau,deilen dail,bachgen "
    "bechgyn,athro athrawon,ffenestr ffenest ffenestri ffenestrau,lleithder llaith llaithder "
    "lleithio,llwydni llwydo llwydi,dwr dyfroedd,sedd seddau seddi,dyn dynion,dydd "
    "dyddiau diwrnod diwrnodau,tad tadau,cynnes cynhesu cynhesrwydd,saer seiri,llythyr "
    "llythyrau llythyron,cyngor cynghorion cynghori cynghorydd cynghorwyr,angen anghenion,"
    "cwestiwn cwestiynau,peth pethau,gwaith gweithio gweithiwr gweithwyr gweithiau,iaith "
    "ieithoedd,gwlad gwledydd,nant nentydd,asgwrn esgyrn,cadair cadeiriau,bwrdd byrddau,"
    "tan tanau,pris prisiau,mis misoedd,ystyr ystyron,cawod cawodydd,gwresogi "
    "gwres gwresogydd gwresogyddion rheiddiadur,trydan trydanol trydanwr,atgyweirio "
    "atgyweirwyr atgyweiriwr trwsio trwsiwyd trwsiodd trwsia trwsiwch trwsiwr trwsiwyr,"
    "fforddio fforddiadwy fforddiadwyedd,talu taliad taliadau tal,colli collodd collwyd coll,"
    "torri torrodd torrwyd toriad,aros arhosodd arhoswch arhosiad,ateb atebion atebodd "
    "atebwyd,gofyn gofynnodd gofynnwyd gofynion,ymweld ymweliad ymweliadau,golau goleuadau "
    "goleuo goleuni,cwyn cwynion chwynion cwyno,newid newidiadau newidiwyd newidiodd,rhoi "
    "rhoddodd rhoddwyd,dweud dywedodd dywedwyd dywed,cyfarfod cyfarfodydd,pwnc pynciau,"
    "clywed clywyd clywodd clywsom,"
    # What is said in the north, in the south and at home, beside what is mostly written.
    "gris grisiau staer staerau star llofft,allwedd allweddi goriad goriadau,ffwrn ffyrnau popty "
    "poptai,bin biniau sbwriel ysbwriel,boeler boeleri bwyler boiler,toiled toiledau lafatri,arian "
    "pres,swn twrw stwr,palmant palmentydd pafin pafinau,dodrefn celfi,budr brwnt,lleithder tamp "
    "tampni,llwydni mowld,bachgen hogyn hogiau crwt,merch hogan"
)
# A w between consonants sounds like the y that plurals put there: drws, drysau.
_INNER_W = re.compile(r"([^aeiouwy])w(?![aeiouwy])")


def _parted(word: str) -> list[str]:
    """Return what an apostrophe joined: i'r is i and r; mae'n is mae and n."""
    return [part for part in word.split("'") if part]


def _unmutated(word: str, *, whole: bool = True) -> str:
    """Return a word with its first letter brought to what all its mutations share.

    :param whole: whether the word is all there, and not only its beginning.
    """
    if _KEEPS.match(word):
        return word
    for initial, common in _INITIALS:
        if word.startswith(initial):
            rest = word[len(initial) :]
            if not common and whole and len(rest) < _BARE:
                return _SHORT[initial] + rest
            return common + rest
    return word


def _plain(word: str) -> str:
    """Return a stem with the letters alike that change inside a word."""
    if word.endswith(("nn", "rr")):
        word = word[:-1]
    return _INNER_W.sub(r"\1y", word.replace("ai", "ei"))


def _without(word: str, endings: tuple[str, ...]) -> str:
    """Return a word without one of these endings, and without the i before it."""
    for ending in endings:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= _LONG_REST.get(ending, _REST):
            rest += _AGAIN.get(ending, "")
            return rest[:-1] if rest.endswith("i") and len(rest) > _REST else rest
    return word


def _by_length(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(), key=lambda ending: (-len(ending), ending)))


def _beginning(word: str) -> str:
    return _plain(_unmutated(word, whole=False))


def _stem(word: str) -> str:
    return _stemmed(_ALIKE.get(start := _unmutated(word), start))


def _stemmed(word: str) -> str:
    return _plain(_without(_without(word, _TAKEN[0]), _TAKEN[1]))


def _tables() -> dict[str, Any]:
    return {
        "everyday": _EVERYDAY,
        "keeps": _KEEPS.pattern,
        "initials": " ".join(f"{initial}:{common}" for initial, common in _INITIALS),
        "short": _SHORT,
        "endings": [" ".join(endings) for endings in _TAKEN],
        "again": _AGAIN,
        "rest": _LONG_REST,
        "forms": _FORMS,
    }


_TAKEN = (_by_length(_ENDINGS), _by_length(_MAKINGS))
_ALIKE = alike(_FORMS, _unmutated)
ANALYSER = Analyser(frozenset(_EVERYDAY.split()), _parted, _stem, _beginning, _tables)
