"""What personal details look like, in English and Welsh, in texts made plain by `plain_text`.

Linear in the length of a text: a pattern starts only where a word does, and every repetition is
bounded or never gives back what it took.
"""

from __future__ import annotations

import re

CAPITAL = "[A-ZÀ-ÖØ-ÞŴŶ]"
NAME = rf"{CAPITAL}[\w'-]{{1,40}}"  # Ffion, O'Brien, Rhys-Jones
NAMES = rf"{NAME}(?:[ ](?:{NAME}|{CAPITAL}\b\.?)){{0,3}}"  # Sioned Wyn M
_AT = r"(?:@|[ ]?[\[(](?:at|yn)[\])][ ]?|[ ](?:at|yn|malwen)[ ])"
_DOT = r"(?:[ ]?[\[(](?:dot|dod)[\])][ ]?|[ ](?:dot|dod)[ ])"

EMAIL = re.compile(
    rf"(?<![\w.+'-])[\w.+'-]++(?:{_DOT}[\w+'-]{{1,40}}(?=[\w .\[(@-]{{0,200}}?{_AT})){{0,3}}"
    r"(?:[ ]?(?:@|[\[(](?:at|yn)[\])])[ ]?[\w-]{1,63}"
    rf"(?:(?:\.|[ ]\.[ ]|{_DOT})[\w-]{{1,63}}){{1,8}}"
    # "me at nia dot rhys" is none where "at example dot org" follows
    rf"|{_AT}[\w-]{{1,63}}+(?:{_DOT}[\w-]{{1,63}}+){{1,8}}+(?!{_AT})"
    r"|[ ](?-i:AT|YN)[ ][\w-]{1,63}(?:\.[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
# Liberal on purpose: the prefixes that are never given out are typed by mistake, and in examples.
NI_NUMBER = re.compile(r"\b[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b", re.IGNORECASE)
TEN_DIGITS = re.compile(r"(?<![\d+])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
POSTCODE = re.compile(
    r"(?<!F-)(?<!f-)\b(?P<outward>[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY]))"
    r"[ ]{0,2}\d(?P<inward>[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
# A letter where a figure was meant, and any two letters at the end: CF1O 3XX.
SLIPPED_POSTCODE = re.compile(
    r"(?<!F-)\b(?=[A-Z]{0,4}\d|[A-Z]{0,4}[OI][ ]?\d)[A-Z]{1,2}[\dOI]{1,2}[A-Z]?[ ]?[\dOI][A-Z]{2}\b"
)
ORDINALS = {"st", "nd", "rd", "th"}  # "B1 2nd floor" has the shape of a postcode

_STREETS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Close|Crescent|Cres|Drive|Terrace|Place|Gardens|Grove|Way"
    "|Court|Square|Row|Rise|Mews|Hill|View|Park|Walk|Green|Parade|Villas|Buildings|House|Flats"
)
_WELSH_STREETS = (
    "Stryd|Heol|Hewl|Lôn|Lon|Ffordd|Maes|Clos|Rhodfa|Rhes|Teras|Cilgant|Coedlan|Rhiw|Pentre|Gerddi"
    "|Llys|Bryn|Parc|Cae|Trem|Golwg|Sgwâr|Sgwar|Tai|Erw|Dôl|Nant|Porth|Allt|Tan|Pen|Min"
)
# These are no words of every day, so small letters tell as much as capitals.
_PLAIN_STREETS = "street|road|avenue|crescent|terrace|lane"
_PLAIN_WELSH = "stryd|heol|hewl|rhodfa|teras|cilgant|coedlan"
_COMMON = "the|my|our|your|this|that|each|a|in|main|other|per"  # "5 cars in the road"
_NUMBER = r"\b\d{1,4}[A-Za-z]?,?[ ]{1,2}"
_SPELT = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four"
    "|five|six|seven|eight|nine))?|un(?: deg)?(?: [a-z]+)?|dau(?: ddeg)?(?: [a-z]+)?|tri(?: deg)?"
    "(?: [a-z]+)?|pedwar|pump|chwech|saith|wyth|naw|deg|deuddeg|pymtheg|ugain"
)
_NEAR = (
    r"(?:at|from|in|outside|opposite|to|behind|below|above|next to|next door to|yn|o|ger|wrth|i|gan"
    r"|uwchben|dan|o dan|gyferbyn â|tu allan i|drws nesaf? i)"
)
_NUMBERED = r"(?:number|nos?\.?|rh?if)"
_LIVES = r"(?:lives?|living|byw)"
_IS_AT_HOME = rf"(?:{_LIVES}|we are|we're|r?ydyn ni|r?ydw i|dyn ni|dw i)"
_COUNTED = r"(?i:bus|on the|of|ar y rhestr)\b"  # "at number 7 on the list"
_HOUSES = "House|Cottage|Lodge|Villa|Bungalow|Farm|Farmhouse"
_WHICH = rf"(?:\d{{1,4}}[a-z]?|{_SPELT})"
_HOMES = r"(?:ff?lat|apartment|rhandy)"
ADDRESS = re.compile(
    "|".join(
        (
            rf"{_NUMBER}(?:{NAME}[ ]{{1,2}}){{1,3}}(?i:{_STREETS})\b",
            rf"{_NUMBER}(?!(?i:{_COMMON})\b)[^\W\d_]{{3,30}}[ ](?i:{_PLAIN_STREETS})\b",
            rf"{_NUMBER}(?:{_WELSH_STREETS})(?:'r)?(?:[ ](?:y|yr|{NAME})\b){{1,4}}",
            rf"{_NUMBER}Yr?[ ]{NAME}",
            rf"{_NUMBER}(?:{_PLAIN_WELSH})(?:[ ](?:y|yr)\b)?[ ][^\W\d_]{{2,30}}",
            rf"{_NUMBER}{CAPITAL}(?:[^\W\d_]|'){{1,20}}(?:-(?:[yY]r?|{CAPITAL}[^\W\d_]{{0,20}}"
            r"|[^\W\d_]{2,20})){1,4}(?:[ ]" + rf"(?i:{_STREETS})\b)?",
            rf"\b(?i:{_HOMES}[ ](?:(?:no\.?|number|rhif)[ ])?\d{{1,4}}[a-z]?)\b",
            rf"\b(?i:{_HOMES}[ ](?:(?:number|rhif)[ ])?(?:{_SPELT}))\b",
            rf"\b(?i:{_HOMES})[ ][A-H]\b",
            rf"\b(?i:{_LIVES}[ ](?:(?:at|in|yn|ar)[ ])?{_NUMBERED}[ ]{_WHICH})\b",
            rf"\b(?i:{_IS_AT_HOME}[ ](?:at|in|yn))[ ]T[yŷ][ ]{NAME}\b",
            rf"\b(?i:{_IS_AT_HOME}[ ](?:at|in|yn))[ ](?:{NAME}[ ]){{1,2}}(?i:{_HOUSES})\b",
        )
    )
)

AT_A_DOOR = re.compile(
    rf"\b(?i:{_NEAR})[ ](?P<door>(?i:{_NUMBERED}[ ]\d{{1,4}}[a-z]?))\b"
    rf"(?!%|[.,:/-]\d|[ ]{_COUNTED})"
)
_WORDS_OF_PLACE = r"[^\W\d_]{2,20}\.[^\W\d_]{2,20}\.[^\W\d_]{2,20}(?![\w@]|\.\w)"
THREE_WORDS = re.compile(
    rf"(?P<marked>///[ ]?{_WORDS_OF_PLACE})"
    r"|\b(?i:what3words|what three words|w3w)\b[^\n]{0,60}?"
    rf"(?<![\w@.])(?P<named>(?:///[ ]?)?{_WORDS_OF_PLACE})"
)

TITLE = (
    r"(?:(?i:mrs?|ms|mx)|Miss|Dr|Doctor|Prof|Professor|Sir|Dame|Lady|Lord|Rev|Reverend|Parch"
    r"|Parchedig|Mistar|Meistr|Mistres|Meistres|Athro|Bns|Cllr|Councillor|Cyng|Cynghorydd)"
)
TITLED = re.compile(
    rf"\b{TITLE}\.?(?:[ ](?:and|a|ac|&)[ ]{TITLE}\.?)?[ ]{{1,2}}{NAMES}"
    r"|\b(?i:mrs?|ms|mx)\.?[ ](?!(?:and|a|ac|or|neu|is|was)\b)[^\W\d_]{3,40}"
)
# "My name is …" and "Fy enw i yw …", which tell a name without any title.
INTRODUCED = re.compile(
    r"\b(?i:my name is|my name's|i am called|i'm called|fy enw(?: i)? (?:yw|ydy|ydi)|fy enw i'?n"
    r"|enw llawn:?|full name:?)[ ]"
    r"[^\W\d_][\w'-]{1,40}(?:[ ]" + NAME + r"){0,3}"
)
_PEOPLE = (
    "(?:Cymr|Gwyddel|Sais|Saesnes|Tenant|Preswyl|Pensiynwr|Gofalwr|Mam|Tad|Athr|Nyrs|Gweddw"
    r"|Dysg|Rhentwr|Deiliad|Myfyriwr)\w*"
)  # "Cymraes ydw i" tells no name
_NO_NAMES = (
    r"(?:Wales|Britain|England|Cardiff|Swansea|Christmas|Easter|Nadolig|Pasg|Welsh|English|Scottish|Irish|British|Polish|Muslim|Christian|Deaf|Disabled|OK|Monday"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|A|AN|THE|NOT|SO|VERY|IN|ON|NO|TIRED"
    r"|FED|SICK|STILL|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b"
)
_ANYBODY = (
    "(?:Every(?:thing|one|body)|No(?:thing|body)|Some(?:one|body)|Any(?:one|body|thing)|People|Life"
    r"|Living|All|Welcome|So|Popeth|Pawb|Neb|Dim|Rhywun|Pobl|Bywyd)\b"
)
SAYING_WHO = re.compile(
    rf"\b(?!{_PEOPLE}[ ]|{_ANYBODY})(?P<cy>{NAMES})"
    r"(?=[ ](?:(?:y)?dw|ydyw|wyf|ydwyf)[ ]?i\b|[ ]sy'n siarad"
    r"|[ ]sydd yma|[ ]yma\b[,.]|[ ](?:yw|ydy|ydi)(?:'r| fy) enw\b)"
    rf"|\b[Ff]i (?:yw|ydy|ydi)[ ](?!{_PEOPLE}\b)(?P<fi>{NAMES})"
    rf"|\b(?:I am|I'm|[Tt]his is|[Ii]t's|[Ii]t is)[ ](?!{_NO_NAMES})(?P<en>{NAMES})"
    r"(?=[ ]*(?:$|[.,!\n]|from|and|here|at|in|o\b|of\b))"
    rf"|\b(?!{_ANYBODY})(?P<here>{NAMES})(?=[ ](?:here|speaking)\b[,.!]?)"
)
_KIN = (
    "neighbour|caretaker|officer|plumber|electrician|joiner|manager|warden|landlord|daughter|son"
    "|husband|wife|partner|mum|mam|dad|mother|father|brother|sister|friend|nan|gran|nurse|carer"
    "|worker|cymydog|gymydog|chymydog|cymdoges|gofalwr|swyddog(?: tai)?|plymwr|trydanwr|merch"
    "|ferch|mab|fab|gŵr|ngŵr|gwraig|wraig|ngwraig|tad|nhad|brawd|frawd|mrawd|chwaer|ffrind|nyrs"
    "|mam-gu|nain|taid|mhartner|bartner"
)
OF_SOMEBODY = re.compile(
    rf"\b(?i:{_KIN})(?:[ ]i)?,?[ ](?:(?:called|named|is|yw|o'r enw)[ ])?(?P<name>{NAMES})"
    rf"|\b(?:called|named|o'r enw)[ ](?P<called>{NAMES})"
)
_NO_PEOPLE = (
    r"(?:Council|Cyngor|Gyngor|Chyngor|Housing|[TD]ai (?=[A-Z])|Homes|Cartrefi|Gartrefi|Chartrefi"
    r"|Police|Heddlu|Government|Llywodraeth|Lywodraeth|Shelter|Citizens|Cyngor ar|Undeb|Cymdeithas"
    r"|Gymdeithas|Chymdeithas|Gwasanaeth|Gwasanaethau|Wasanaethau|Customer|DWP|NHS|Y|Yr|Pawb|Neb|Rhywun)\b"
)
SPOKEN_TO = re.compile(
    rf"\b(?i:ask(?:ed)? for|gofyn(?:nwch)? am)[ ](?!{_NO_NAMES}|{_NO_PEOPLE})(?P<asked>{NAMES})"
    r"|\b(?i:spoke|spoken|speak|speaking|talked|talk|talking|chatted)[ ](?:to|with)[ ]"
    rf"(?!{_NO_NAMES}|{_NO_PEOPLE})(?P<en>{NAMES})"
    r"|\b(?i:siaradais|siarad|siaradodd|siaradwch|siaradon ni|sgwrsiais)"
    r"[ ](?:â|ag|gyda|efo|hefo)[ ]"
    rf"(?!{_NO_NAMES}|{_NO_PEOPLE})(?P<cy>{NAMES})"
    r"|\b(?i:dd?ywedodd|meddai|addawodd|gofynnodd|atebodd|ff?oniodd|rhoddodd|gofynnais i"
    rf"|gofynnwch i|diolch i)[ ](?!{_NO_NAMES}|{_NO_PEOPLE})(?P<said>{NAMES})"
)
# Words with capitals that stand together, of which one may be somebody's first name.
CAPITALISED = re.compile(
    rf"(?<![\w@/.'-]){NAME}(?:[ ](?:{NAME}|ap\b|ab\b|{CAPITAL}\b\.?)){{0,5}}(?![\w@])"
)
# What makes a place, a saint or a storm of a first name that stands before or after it.
NAMED_AFTER = f"{_STREETS}|{_WELSH_STREETS}|Hall|School|Primary|Church|Hospital|Day|Sant".split("|")
NAMED_FOR = (
    f"{_WELSH_STREETS}|Cader|Cadair|Newcastle|Castellnewydd|St|Saint|Sant|Santes|Storm|Eglwys|Ysgol|Canolfan|Neuadd|Gŵyl|Ŵyl|Tŷ|King"
    "|Queen|Prince|Princess|Brenin|Tywysog|Tafarn|Bro|Capel|Plas|Ynys|Afon|Ward"
).split("|")
MUTATING = re.compile(
    r"(?<![\w'])(?:i|gan|at|am|ar|dros|drwy|heb|wrth|o|a|â|neu|gyda|efo|hefo|gofynnais i)[ ]"
    rf"(?P<name>{NAMES})"
)
_GOODBYE = (
    r"(?:diolch(?: yn fawr(?: iawn)?| o galon| i chi)?|cofion(?: gorau| cynnes| caredig)?"
    r"|yn gywir|yr eiddoch yn (?:gywir|ffyddlon)|hwyl(?: fawr)?|oddi wrth|gan|cariad|pob hwyl"
    r"|(?:kind|best|warm|many)?[ ]?(?:regards|wishes|thanks)|thank you|cheers|love|from|signed"
    r"|yours(?: sincerely| faithfully| truly)?|sincerely)"
)
SIGNED = re.compile(
    rf"(?:(?i:\b{_GOODBYE})(?:[ ]?[,.!-]?[ ]{{0,9}}\n\s{{0,3}}|,?[ ])|\n\s{{0,3}}[-~x]{{1,3}}[ ]?)"
    rf"(?P<name>(?:{CAPITAL}\.?[ ]){{0,3}}{NAMES}(?:[ ](?:a|ac|and|&)[ ]{NAMES})?)"
    r"[ ]{0,9}[.,!x]{0,3}(?:\s{0,9}$|(?=\n))"
)

PROFILE = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|twitter|x|tiktok|linkedin"
    r"|snapchat|threads|bsky|youtube|t|wa|nextdoor)\.(?:com|me|app|net|co\.uk)/[\w.@/?=&%-]{2,200}"
    r"(?<![.?])",
    re.IGNORECASE,
)
HANDLE = re.compile(
    r"(?i:\b(?:instagram|insta|twitter|facebook|fb|tiktok|snapchat|snap|whatsapp)\b"
    r"(?:[ ](?:i|name|enw))?(?:[ ](?:is|as|under|yw|ydy|ydi|fel|dan))?:?[ ])"
    r"(?P<name>@?(?=[\w.]*[\d_]|\w+\.\w)[\w.]{3,30}(?<!\.)|@[\w.]{2,30})"
)
HANDLE_ON = re.compile(
    r"(?<![\w.])(?P<name>@[\w.]{3,30})(?=[ ](?:on|ar)[ ](?i:insta|twitter|facebook|fb|tiktok|snap))"
)
HANDLE_ALONE = re.compile(
    r"(?<![\w.@/])(?P<name>@(?=[a-z.]*[\d_])[\w.]{3,30}(?<!\.))"
    r"|\b(?i:I'm|I am|follow|find me|[Ff]i (?:yw|ydy|ydi)|dilynwch)[ ](?P<mine>@[\w.]{2,30}(?<!\.))"
)
# As they are given out today; older ones, and those in small letters, beside a word for one.
_PLATE_NOW = r"[A-Z]{2}\d{2}[ ]?[A-Z]{3}"
PLATE = re.compile(
    rf"\b(?P<now>{_PLATE_NOW})\b"
    r"|\b(?i:reg(?:istration)?|number plate|plate|plât|car|van|fan|cofrestru|gofrestru)\b"
    r"[^\n\d]{0,25}?\b(?P<named>(?i:[a-z]{2}\d{2}[ ]?[a-z]{3}|[a-z]\d{1,3}[ ]?[a-z]{3}"
    r"|[a-z]{3}[ ]?\d{1,3}[a-z]))\b"
)
_SPOKEN = (
    "(?:double|treble|triple|dwbl|oh|o|zero|nought|nil|one|two|three|four|five|six|seven|eight|nine"
    "|dim|sero|un|dau|dwy|tri|tair|pedwar|pedair|pump|pum|chwech|chwe|saith|wyth|naw)"
)
SPOKEN_NUMBER = re.compile(
    rf"\b(?i:{_SPOKEN}(?:[ ,-]{{1,3}}{_SPOKEN}){{6,20}}"
    rf"|0\d{{2,4}}(?:[ ,-]{{1,3}}{_SPOKEN}){{4,20}})\b"
)
SORT_CODE = re.compile(r"(?<![\d/-])\d{2}[ -]?\d{2}[ -]?\d{2}(?![\d/-])")
ACCOUNT = re.compile(
    r"\b(?i:account|acc(?:t)?|a/c|cyfrif(?: banc)?|tenancy|tenantiaeth|rent|rhent|customer|cwsmer"
    r"|payment|reference|policy|claim|meter)\b(?:[ ](?i:ref(?:erence)?|number|no|num|rhif|cyfeirnod"
    r"|is|yw))*\.?[ ]?[:#]?[ ]?(?P<name>(?=[A-Z-]{0,4}\d)[A-Z]{0,4}-?\d{5,12})\b"
    r"|\b(?i:rhif(?: fy)? (?:cyfrif|nghyfrif|tenantiaeth|nhenantiaeth|rhent|cwsmer))"
    r"(?:[ ](?i:yw|ydy|i)){0,2}:?[ ](?P<rhif>[A-Z]{0,4}-?\d{5,12})\b"
)
CARD = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3,4}(?!\d)")
IBAN = re.compile(r"\bGB\d{2}[ ]?[A-Z]{4}[ ]?(?:\d[ ]?){14}(?!\d)")

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin"
    "|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr"
)
_DAY = (
    r"(?:\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|af|ail|ydd|fed|eg|ain)?[ ](?:of[ ]|o[ ]|o fis[ ])?(?:{_MONTHS})"
    rf",?[ ](?:19|20)?\d{{2}}|(?:{_MONTHS})[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ](?:19|20)?\d{{2}}"
    rf"|(?:(?:{_MONTHS})[ ])?19\d{{2}})"
)
BORN = re.compile(
    r"\b(?:born|birth(?:day|date)?|d\.?o\.?b\.?|ganwyd|anwyd|ganed|anwed|n?geni|eni"
    rf"|(?:mh|ph|p|b)en-?blwydd)\b[^\n\d]{{0,25}}?(?P<day>{_DAY})(?!\d)",
    re.IGNORECASE,
)
LONG_AGO = re.compile(r"(?<![\d/.-])\d{1,2}[./-]\d{1,2}[./-]19\d{2}(?![\d/-])")
