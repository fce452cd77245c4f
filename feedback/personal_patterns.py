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
    r"(?<![\w.+'-])[\w.+'-]++"
    rf"(?:[ ]?(?:@|[\[(](?:at|yn)[\])])[ ]?[\w-]{{1,63}}(?:(?:\.|{_DOT})[\w-]{{1,63}}){{1,8}}"
    rf"|{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,8}})",
    re.IGNORECASE,
)
# Liberal on purpose: the prefixes that are never given out are typed by mistake, and in examples.
NI_NUMBER = re.compile(r"\b[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b", re.IGNORECASE)
TEN_DIGITS = re.compile(r"(?<![\d+])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
POSTCODE = re.compile(
    r"\b(?P<outward>[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY]))"
    r"[ ]{0,2}\d(?P<inward>[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
# A letter where a figure was meant, and any two letters at the end: CF1O 3XX.
SLIPPED_POSTCODE = re.compile(
    r"\b(?=[A-Z]{0,4}\d|[A-Z]{0,4}[OI][ ]?\d)[A-Z]{1,2}[\dOI]{1,2}[A-Z]?[ ]?[\dOI][A-Z]{2}\b"
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
_LIVES = r"(?:live|living|byw)"
_HOMES = r"(?:ff?lat|apartment|rhandy)"
ADDRESS = re.compile(
    "|".join(
        (
            rf"{_NUMBER}(?:{NAME}[ ]{{1,2}}){{1,3}}(?i:{_STREETS})\b",
            rf"{_NUMBER}(?!(?i:{_COMMON})\b)[^\W\d_]{{3,30}}[ ](?i:{_PLAIN_STREETS})\b",
            rf"{_NUMBER}(?:{_WELSH_STREETS})(?:'r)?(?:[ ](?:y|yr|{NAME})\b){{1,4}}",
            rf"{_NUMBER}(?:{_PLAIN_WELSH})(?:[ ](?:y|yr)\b)?[ ][^\W\d_]{{2,30}}",
            rf"{_NUMBER}{CAPITAL}(?:[^\W\d_]|'){{1,20}}(?:-(?:[yY]r?|{CAPITAL}[^\W\d_]{{0,20}}"
            r"|[^\W\d_]{2,20})){1,4}(?:[ ]" + rf"(?i:{_STREETS})\b)?",
            rf"\b(?i:{_HOMES}[ ](?:(?:no\.?|number|rhif)[ ])?\d{{1,4}}[a-z]?)\b",
            rf"\b(?i:{_HOMES}[ ](?:(?:number|rhif)[ ])?(?:{_SPELT}))\b",
            rf"\b(?i:{_HOMES})[ ][A-H]\b",
            rf"\b(?i:{_LIVES}[ ](?:(?:at|in|yn|ar)[ ])?(?:number|no\.?|rhif)[ ]\d{{1,4}}[a-z]?)\b",
        )
    )
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
    r"(?:Welsh|English|Scottish|Irish|British|Polish|Muslim|Christian|Deaf|Disabled|OK|Monday"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|A|AN|THE|NOT|SO|VERY|IN|ON|NO|TIRED"
    r"|FED|SICK|STILL|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b"
)
SAYING_WHO = re.compile(
    rf"\b(?!{_PEOPLE}[ ])(?P<cy>{NAMES})(?=[ ](?:(?:y)?dw|ydyw|wyf|ydwyf)[ ]?i\b|[ ]sy'n siarad"
    rf"|[ ]sydd yma|[ ]yma\b[,.]|[ ](?:yw|ydy|ydi)(?:'r| fy) enw\b)"
    rf"|\b[Ff]i (?:yw|ydy|ydi)[ ](?!{_PEOPLE}\b)(?P<fi>{NAMES})"
    rf"|\b(?:I am|I'm|[Tt]his is|[Ii]t's|[Ii]t is)[ ](?!{_NO_NAMES})(?P<en>{NAMES})"
    r"(?=[ ]*(?:$|[.,!\n]|from|and|here|at|in|o\b|of\b))"
    rf"|\b(?P<here>{NAMES})(?=[ ](?:here|speaking)\b[,.!]?)"
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
_GOODBYE = (
    r"(?:diolch(?: yn fawr(?: iawn)?| o galon| i chi)?|cofion(?: gorau| cynnes| caredig)?"
    r"|yn gywir|yr eiddoch yn (?:gywir|ffyddlon)|hwyl(?: fawr)?|oddi wrth|gan|cariad|pob hwyl"
    r"|(?:kind|best|warm|many)?[ ]?(?:regards|wishes|thanks)|thank you|cheers|love|from|signed"
    r"|yours(?: sincerely| faithfully| truly)?|sincerely)"
)
SIGNED = re.compile(
    rf"(?:(?i:\b{_GOODBYE})(?:[ ]?[,.!-]?[ ]{{0,9}}\n\s{{0,3}}|,?[ ])|\n\s{{0,3}}[-~x]{{1,3}}[ ]?)"
    rf"(?P<name>{NAMES}(?:[ ](?:a|ac|and|&)[ ]{NAMES})?)[ ]{{0,9}}[.,!x]{{0,3}}"
    r"(?:\s{0,9}$|(?=\n))"
)

PROFILE = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|twitter|x|tiktok|linkedin"
    r"|snapchat|threads|bsky|youtube|t|wa|nextdoor)\.(?:com|me|app|net|co\.uk)/[\w.@/?=&%-]{2,200}"
    r"(?<![.?])",
    re.IGNORECASE,
)
HANDLE = re.compile(
    r"(?i:\b(?:instagram|insta|twitter|facebook|fb|tiktok|snapchat|snap|whatsapp)\b"
    r"(?:[ ](?:is|as|yw|ydy|fel))?:?[ ])"
    r"(?P<name>@?(?=[\w.]*[\d@._])[\w.]{3,30}(?<!\.)|@[\w.]{2,30})"
)
HANDLE_ON = re.compile(
    r"(?<![\w.])(?P<name>@[\w.]{3,30})(?=[ ](?:on|ar)[ ](?i:insta|twitter|facebook|fb|tiktok|snap))"
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
