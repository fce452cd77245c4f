"""First names that people in Wales and England often have, in small letters without accents.

Only such as are no word of every day, no town and no month: those are found beside a title, a verb
of speaking or a word of family alone. The commonest of each year are counted by the Office for
National Statistics (Baby names in England and Wales).
"""

from __future__ import annotations

WELSH = """
aled alun aneurin angharad anwen arwel beca bedwyr bethan bleddyn branwen bronwen cai caradog carwyn
carys catrin cefin ceinwen ceri cledwyn cynan dafydd deian deiniol delyth dewi dilwyn dilys dylan
efa eifion eilir eirlys eleri elfed elin elis eluned emlyn emrys emyr enid erin esyllt ffion gareth
garmon gaynor geraint gerallt gethin gruff gruffudd gruffydd guto gwenan gwenllian gwenno gwilym
gwion gwyndaf gwyneth hefin heledd heulwen huw hywel iago ianto idris iestyn ieuan ifan ifor illtud
ioan iolo iona iorwerth iwan leusa lleucu llewelyn llinos llio llyr llywelyn lowri mabli macsen mair
manon mared marged mari meinir meirion meleri menna mererid merfyn meurig mihangel mirain morfudd
morgan myfanwy myrddin nansi nefydd nerys nesta nia olwen osian owain pedr penri peredur rhian
rhiannon rhianwen rhodri rhydian rhys sian sion sioned siwan steffan tecwyn tegwen tesni tomos tudur
twm
"""
ENGLISH = """
adam adrian aidan alan albert alex alfie alice alison amanda amelia amy andrea andrew angela anita
ann anna anne annie anthony archie arthur ashley ava barbara beatrice becky benjamin bernard betty
brenda brian bridget caitlin callum cameron carl caroline catherine cathy charles charlie charlotte
cheryl chloe chris christine christopher claire clare clive colin connor daniel danny darren dave
david debbie deborah denise dennis derek diane dominic donald donna doreen dorothy douglas duncan
eddie edward eileen elaine eleanor elizabeth ellie emily emma eric ethan eva evan evelyn fiona
francis frankie fred freddie freya gail gary gavin geoff geoffrey george gerald gillian glenda
gordon graham greg hannah harold harriet harry hayley helen henry hilary howard hugh ian irene isaac
isabella ivan jacob jacqueline jake james jamie jane janet janice jason jayne jean jeff jennifer
jenny jeremy jessica jessie jill jim jimmy joan joanna joanne joe john jonathan josh joshua joyce
judith judy julia julian julie karen kate katherine kathleen kathryn katie keith kelly kenneth kerry
kevin kieran kim kirsty kyle laura lauren leanne lewis liam linda lisa lorraine louise lucas lucy
luke lynda lynn lynne maggie malcolm marcus margaret maria marian marie marilyn marion marjorie
martin martyn mary matthew maureen mavis megan melanie melissa michael michelle mick mike molly
monica muriel nancy natalie natasha nathan neil nicholas nick nicky nicola nigel noah nora oliver
olivia oscar owen pamela patricia patrick paul paula pauline peggy peter phil philip phoebe phyllis
rachel ralph raymond rebecca richard rita robert roger ronald ronnie rosie roy russell ruth ryan
sally sam samantha samuel sandra sarah scott sean sebastian shannon sharon shaun sheila shirley
simon sophie stacey stella stephanie stephen steve steven stewart stuart susan suzanne sylvia teresa
terry theresa thomas timothy tina toby tom tommy tony tracey tracy trevor valerie vanessa vera
vernon vicky victor vincent vivian wayne wendy yvonne zachary zara zoe
"""
FROM_ELSEWHERE = """
abdul abdullah adebayo adeel agnieszka ahmed aisha ali amina amir amit anastasia andrei anjali arjun
asif ayesha bilal bogdan chidi chinedu deepa dmitri elena farah fatima giulia grzegorz habib hamza
hassan hussain ibrahim imran ioana jakub jamal jaspreet joao jose kamal karim katarzyna khadija
krzysztof kwame lakshmi layla leila magdalena malgorzata marcin marek mariam mateusz mehmet mihai
mohamed mohammad mohammed muhammad mustafa nadia naomi nasreen natalia ngozi oksana olena oluwaseun
omar pawel piotr priya rahul rajesh rashid ravi sadia saira salma samir sanjay shabana shahid
shamima sunita svetlana tariq tomasz usman vijay volodymyr wojciech yasmin yusuf zainab zofia
"""
FIRST_NAMES = frozenset(f"{WELSH} {ENGLISH} {FROM_ELSEWHERE}".split())
