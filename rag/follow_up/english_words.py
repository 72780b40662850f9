"""The words that English questions are read by."""

from __future__ import annotations

from functools import cache
from typing import Final

from rag.fold import stem


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WH: Final = frozenset(
    _words(
        """
who whom whose what which when where why how
"""
    )
)
AUXILIARIES: Final = frozenset(
    _words(
        """
is are was were am be been being do does did has have had having can could will would shall
should may might must isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't
can't couldn't won't wouldn't shouldn't
"""
    )
)
PRESENT: Final = frozenset(
    _words(
        """
is are do does has have can will shall may
"""
    )
)
PREPOSITIONS: Final = frozenset(
    _words(
        """
about above across after against along among around as at before behind below beneath beside
besides between beyond by despite down during except for from in inside into like near of off on
onto out outside over past per since through throughout till to toward towards under until up
upon via with within without than versus
"""
    )
)
BOUNDARIES: Final = frozenset(
    _words(
        """
and but or so because that if whether while when where who which why how what after before until
since although though as once whose unless than
"""
    )
)
DETERMINERS: Final = frozenset(
    _words(
        """
the a an this that these those my your our all any each every some no both another other such
"""
    )
)
PRONOUNS: Final = frozenset(
    _words(
        """
i you we he him his himself she her hers herself it its itself they them their theirs themselves
there here one ones me us anyone everyone someone somebody anybody nobody everybody anything
everything something nothing
"""
    )
)
ASIDES: Final = frozenset(
    _words(
        """
also still now ever yet already only just even too then again today currently exactly not please
so far later ago once really actually usually often never always more most less least many much
long old big large tall high deep wide heavy fast soon late early well else better worse best
worst larger bigger smaller higher lower longer shorter older newer faster slower largest
biggest highest tallest longest oldest first
"""
    )
)
_VERBS: Final = """
be become begin start end open close build make create found establish set grow rise fall increase
decline drop reach hit cost pay spend save invest raise lose gain win earn sell buy produce
manufacture employ hire work live stay move go come leave travel visit see say tell speak ask
answer report announce publish write read know think believe mean happen occur take give get put
bring keep hold run lead manage direct head serve support help allow let need want plan aim expect
hope try use apply approve sign pass ban lift protect provide offer supply deliver export import
ship carry transport complete finish launch introduce adopt develop design invent discover improve
expand extend cut reduce lower change replace remove join include contain consist cover account
compare differ rank rate measure count add settle locate base belong own control acquire merge
split receive attract grant award require charge collect handle process call name describe explain
define show prove play act appear seem look find feel like love hate die bear marry grow study
teach learn graduate train appoint elect resign retire succeed replace fire arrest kill injure
damage destroy burn flood exist remain last continue stop cancel delay postpone prevent avoid
cause result affect influence depend matter fly drive sail ride walk stand sit lie
attend meet host hold celebrate mark represent host recommend suggest propose decide choose select
exceed total generate store convert test check install operate
contribute share solve fix repair treat cure feed eat drink cook rain snow snowed sank sink
"""
_IRREGULAR: Final = """
became began built grew grown rose risen fell fallen paid spent lost won sold bought made went gone
came left saw seen said told spoke spoken wrote written knew known thought meant took taken gave
given got gotten put brought kept held ran led let cut set met stood sat lay lain felt found
founded born bore died chose chosen flew flown drove driven wore ate eaten drank drunk taught
learnt struck hit shut burnt sank sunk broke broken stole stolen sent swam threw thrown laid lies
doing done
"""
ROLES: Final = frozenset(
    _words(
        """
manager executive director president chairman chairwoman chair ceo founder co-founder mayor
governor minister secretary head chief leader boss owner author writer reporter journalist
editor architect engineer designer builder inventor scientist professor teacher principal dean
coach captain spokesman spokeswoman spokesperson official officer commissioner ambassador king
queen emperor prince princess wife husband son daughter brother sister mother father successor
predecessor winner actor actress singer artist painter poet general judge lawyer doctor speaker
chancellor premier person man woman
"""
    )
)
ATTRIBUTES: Final = frozenset(
    _words(
        """
population area size investment length height width depth weight age price cost value budget
revenue income profit profits turnover output capacity gdp share percentage rate number amount total
name address headquarters headquarter location capital climate weather history purpose goal aim
target deadline date year growth sales temperature speed distance volume density staff workforce
founding origin meaning definition role importance reason result effect advantages disadvantages
benefits
"""
    )
)
ORGANISATIONS: Final = frozenset(
    _words(
        """
company firm group corporation enterprise business manufacturer maker bank university school
hospital agency bureau ministry institute association committee team club newspaper organisation
organization supplier startup
"""
    )
)
PLACES: Final = frozenset(
    _words(
        """
city county province country town village district region place state municipality island
prefecture territory
"""
    )
)
THINGS: Final = frozenset(
    _words(
        """
project plant factory bridge port harbour harbor building base programme program policy law plan
road railway line airport station dam mine park book film product system agreement company's
event festival report tower tunnel museum ship canal scheme site venture
"""
    )
)
NOT_ANTECEDENTS: Final = frozenset(
    _words(
        """
article articles text texts document documents passage example way question time
"""
    )
)


@cache
def verb_stems() -> frozenset[str]:
    """Stems of frequent verbs, their irregular forms among them."""
    return frozenset(stem(word) for word in (_VERBS + _IRREGULAR).split())


SAID: Final = frozenset(
    _words(
        """
said reported true possible impossible necessary important likely unlikely clear known believed
thought expected easy hard difficult better best worth time legal illegal safe dangerous good bad
normal common rare usual allowed forbidden required raining snowing cold hot warm windy sunny like
too so because when
"""
    )
)
"""What is said of an `it` that stands for nothing."""
ALSO_VERBS: Final = frozenset(
    _words(
        """
cost name state share report plan age chair head book film ship park address target price value aim
mine judge man bank
"""
    )
)
"""Nouns of the lists above that may be verbs."""

COMPLEMENTS: Final = frozenset(_words("of that which who whose with called named between where"))
"""What tells, behind a noun, which one is meant."""

JUDGEMENTS: Final = frozenset(
    _words("true so right correct possible legal allowed enough good why how what")
)
"""What is asked of a `that`: is that true?"""
