"""The words that English sentences are read by to make questions of them."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("/") for pair in text.split())


PAST: Final = _pairs(
    """
opened/open closed/close began/begin started/start ended/end founded/found established/establish
built/build completed/complete launched/launch released/release published/publish won/win lost/lose
signed/sign joined/join left/leave moved/move became/become married/marry graduated/graduate
retired/retire returned/return arrived/arrive entered/enter invaded/invade captured/capture
conquered/conquer defeated/defeat discovered/discover invented/invent introduced/introduce
adopted/adopt approved/approve passed/pass merged/merge acquired/acquire bought/buy sold/sell
received/receive visited/visit announced/announce declared/declare formed/form created/create
designed/design wrote/write made/make gained/gain achieved/achieve landed/land reached/reach
crossed/cross debuted/debut premiered/premiere aired/air hosted/host held/hold took/take
erupted/erupt collapsed/collapse resigned/resign abdicated/abdicate emigrated/emigrate
expanded/expand purchased/purchase unveiled/unveil banned/ban abolished/abolish ratified/ratify
surrendered/surrender issued/issue ceased/cease switched/switch hired/hire appointed/appoint
recorded/record accepted/accept granted/grant restored/restore separated/separate replaced/replace
attended/attend paid/pay spent/spend invested/invest raised/raise earned/earn donated/donate
"""
)
"""What was done, and how a question has it: When did it open?"""

WITHOUT_OBJECT: Final = _words(
    """
opened closed began started ended launched retired returned arrived merged debuted premiered aired
erupted collapsed resigned abdicated emigrated expanded surrendered graduated separated
"""
)
"""Those of them that a question may end with."""

OF_WORKS: Final = _words("premiered debuted aired")
"""What is said of works, which keep the article of their name: The Lion King."""

HAS: Final = {
    "has": ("does", "have"),
    "have": ("do", "have"),
    "had": ("did", "have"),
    "contains": ("does", "contain"),
    "contained": ("did", "contain"),
    "owns": ("does", "own"),
    "operates": ("does", "operate"),
    "employs": ("does", "employ"),
    "includes": ("does", "include"),
    "covers": ("does", "cover"),
}
"""What has a number of things, and how a question has it: How many does it have?"""

NO_PASSIVE: Final = (
    "succeeded|followed|preceded|replaced|considered|used|killed|supposed|interested"
)
"""What is not asked of with `was`, or says little without those who did it."""

IRREGULAR: Final = (
    "built|born|made|held|won|written|begun|sold|bought|taken|chosen|known|given|shown|sent|set up"
    "|laid|dug|rebuilt|hit|struck|broken|drawn|sunk"
)
"""Participles that don't end in -ed."""

THINGS: Final = _words(
    """
film movie series sitcom show album song single novel book play opera musical poem magazine
newspaper journal game franchise company corporation airline bank manufacturer brand organization
organisation agency institution university college school museum library theatre theater stadium
arena bridge tower building skyscraper church cathedral temple mosque castle palace fortress
monument memorial park garden zoo river lake mountain volcano island bay strait canal desert
forest valley peninsula alphabet script currency protocol software standard
system technology device engine aircraft airliner helicopter locomotive ship submarine missile
rocket satellite telescope spacecraft programme program project treaty agreement act law war
battle revolution rebellion festival tournament championship competition league cup award prize
ceremony holiday dance sport genre movement style theory method technique process disease disorder
drug vaccine compound mineral metal alloy element gas fuel protein hormone vitamin enzyme cell
organ species genus family breed plant tree flower fruit vegetable fungus bird fish insect mammal
reptile dish sauce soup bread cheese beer wine drink dessert toilet vehicle car automobile
motorcycle railway railroad line station airport highway road street district party union alliance
association society foundation religion sect dynasty network channel website service application
tool
    """
)
PEOPLE: Final = _words(
    """
actor actress singer songwriter musician composer conductor pianist guitarist rapper dancer
director producer screenwriter writer author novelist poet playwright journalist painter sculptor
artist architect photographer designer engineer inventor scientist physicist chemist biologist
mathematician astronomer philosopher psychologist economist historian theologian philologist
physician surgeon nurse teacher professor scholar lawyer judge politician statesman diplomat
president king queen emperor empress prince princess admiral officer soldier explorer
astronaut missionary bishop archbishop pope saint monk reformer evangelist preacher activist
businessman businesswoman entrepreneur banker philanthropist athlete footballer cricketer
boxer wrestler swimmer runner cyclist coach comedian model educator chancellor senator
"""
)
PLACES: Final = _words("city town village municipality suburb neighborhood neighbourhood")
SINGLED_OUT: Final = PLACES | _words("capital currency country state province")
"""What the largest or first of is asked for with `what`."""

WORKS: Final = _words("film movie series sitcom show album song single novel book play opera")
"""Those that keep the article of their name."""

OFFICES: Final = (
    "president|chairman|chairwoman|chief executive(?: officer)?|director|general manager|mayor"
    "|governor|secretary general|prime minister|founder|head coach|spokesman|spokeswoman"
    "|principal|dean"
)
NOT_IN_SUBJECT: Final = _words(
    """
i you he she it we they this that these those his her its our their my your there here who which
what when where while if because although though since as after before during by with from to into
at on but or nor so yet however also then thus therefore both each every some many most several few
all any no not one two three four five other another such same more less half much only even until
unless than like about over under between among through despite following according has have had is
are was were be been being will would can could may might must shall should do does did first second
third next last later latter former said says resulting in
"""
)
NAMED_BEFORE: Final = _words(
    """
state company party government university court church act board city college school club council
committee commission ministry bank king queen emperor president bill treaty constitution army navy
house senate parliament union empire republic kingdom league agency association society
"""
)
"""What has a capital letter where an article has named it before: the Company."""
