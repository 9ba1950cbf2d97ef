"""What a headline says: speaker, kind of act, occasion; and what it does not say."""

from __future__ import annotations

import pytest

from packager.readers.headline import (
    Headline,
    find_name,
    merge,
    person_name,
    read_announcement,
    read_headline,
)

# headline -> speaker, kind, occasion
HEADLINES: dict[str, tuple[str | None, str | None, str | None]] = {
    # the act first, then who
    "Opening Speech Made by Respected Comrade Ada Brink at Sixth Fair of Clockmakers": (
        "Ada Brink",
        "opening speech",
        "Sixth Fair of Clockmakers",
    ),
    "Inaugural Address Delivered by Ada Brink before National Assembly": (
        "Ada Brink",
        "inaugural address",
        "National Assembly",
    ),
    "Full Text of Speech Made by Tam Orrell at Town Clock": ("Tam Orrell", "speech", "Town Clock"),
    "Important Speech of Tam Orrell at Town Clock": ("Tam Orrell", "speech", "Town Clock"),
    "Acceptance Speech of Poet Hana Reed on Receiving Silver Quill": (
        "Hana Reed",
        "acceptance speech",
        "Receiving Silver Quill",
    ),
    "Speech of H.E. Mr. Tam Orrell at General Debate": ("Tam Orrell", "speech", "General Debate"),
    "Speech by Comrade Tam Orrell, General Secretary of Bell Guild, at Bell Fair": (
        "Tam Orrell",
        "speech",
        "Bell Fair",
    ),
    "Toast by Prime Minister Lis Dahl at State Dinner": ("Lis Dahl", "toast", "State Dinner"),
    "Homily of Father Abel Lind at Midnight Mass": ("Abel Lind", "homily", "Midnight Mass"),
    "Sermon by Bishop Ida Crane on Bell Sunday": ("Ida Crane", "sermon", "Bell Sunday"),
    "Eulogy for Captain Jos Marn by Reverend Pia Holt": ("Pia Holt", "eulogy", None),
    "Farewell Address of Outgoing Mayor Lis Dahl": ("Lis Dahl", "farewell address", None),
    "Order of Commander Tam Orrell": ("Tam Orrell", "order", None),
    "New Year Address of President Ada Brink": ("Ada Brink", "new year address", None),
    "New Year's Address by President Ada Brink": ("Ada Brink", "new year's address", None),
    "New Year’s Day Message of Tam Orrell": ("Tam Orrell", "new year’s day message", None),
    "State of the Nation Address by President Ada Brink": (
        "Ada Brink",
        "state of the nation address",
        None,
    ),
    "Televised Address to the Nation by Tam Orrell": ("Tam Orrell", "televised address", None),
    "Radio Address by Tam Orrell on Eve of Bell Night": (
        "Tam Orrell",
        "radio address",
        "Eve of Bell Night",
    ),
    "Joint Statement by Tam Orrell and Lis Dahl": (
        "Tam Orrell and Lis Dahl",
        "joint statement",
        None,
    ),
    "OPENING SPEECH BY TAM ORRELL AT BELL FAIR": ("TAM ORRELL", "opening speech", "BELL FAIR"),
    "  Speech   by Tam Orrell\n at Bell Fair.": ("Tam Orrell", "speech", "Bell Fair"),
    "Conversation of President Ada Brink with Keeper Rafe Hask": (
        "Ada Brink",
        "conversation",
        None,
    ),
    # who first, then the act
    "Respected Comrade Tam Orrell Makes Speech at Opening of Mill": (
        "Tam Orrell",
        "speech",
        "Opening of Mill",
    ),
    "Tam Orrell Delivers Keynote Address at Forum of Small Bells": (
        "Tam Orrell",
        "keynote address",
        "Forum of Small Bells",
    ),
    "Tam Orrell Makes Speech Welcoming Delegates of Vell": ("Tam Orrell", "speech", None),
    "Tam Orrell Gives Interview to Vell Gazette": ("Tam Orrell", "interview", None),
    "Lis Dahl, Premier, Gives Budget Speech": ("Lis Dahl", "budget speech", None),
    "Premier Lis Dahl Clarifies in Her Speech Aims of Harvest": ("Lis Dahl", "speech", None),
    "Ada Brink's Closing Remarks at Summer Plenary": (
        "Ada Brink",
        "closing remarks",
        "Summer Plenary",
    ),
    "Dr. Hana Reed's Graduation Address at School of Bells": (
        "Hana Reed",
        "graduation address",
        "School of Bells",
    ),
    "Ada Brink: Speech at Launch of Barge": ("Ada Brink", "speech", "Launch of Barge"),
    # letters and messages: the writer, never the addressee
    "Letter to Bell Founders from President Tam Orrell": ("Tam Orrell", "letter", None),
    "Message of Condolence from Premier Lis Dahl to Families of Miners": (
        "Lis Dahl",
        "message of condolence",
        None,
    ),
    "Congratulatory Message to Class of 2020 from Headmistress Pia Holt": (
        "Pia Holt",
        "congratulatory message",
        None,
    ),
    "Message to President Tam Orrell from Guild of Founders": (
        "Guild of Founders",
        "message",
        None,
    ),
    "President Tam Orrell Receives Greetings from Mayor Lis Dahl": ("Lis Dahl", "greetings", None),
    "Tam Orrell Sends Message of Greeting to Ringers on Bell Night": (
        "Tam Orrell",
        "message of greeting",
        "Bell Night",
    ),
    "Thank-You Letter of Pupils of Vell School": (
        "Pupils of Vell School",
        "thank-you letter",
        None,
    ),
    # offices that speak without a name, or with one that only the page can prove
    "Press Statement by Spokesperson for Ministry of Bells": (
        "Spokesperson for Ministry of Bells",
        "press statement",
        None,
    ),
    "Statement by the Minister of Bells": ("Minister of Bells", "statement", None),
    "Press Statement of Vice Minister of Bells Hana Reed": (
        "Vice Minister of Bells Hana Reed",
        "press statement",
        None,
    ),
    "Press Statement of Director of Central Committee Lis Dahl": (
        "Lis Dahl",
        "press statement",
        None,
    ),
    # an act and nobody
    "Speech at the Opening of the Winter Market": (None, "speech", "Opening of the Winter Market"),
    "Open Letter to the Founders of Vell": (None, "open letter", None),
    "Joint Statement": (None, "joint statement", None),
    # the day of the week and the day of the month are no occasion
    "Speech by Tam Orrell on Monday": ("Tam Orrell", "speech", None),
    "Speech by Tam Orrell on 3 March": ("Tam Orrell", "speech", None),
    "Speech Delivered by Tam Orrell on the Occasion of the Founding Anniversary": (
        "Tam Orrell",
        "speech",
        "Founding Anniversary",
    ),
}

NEWS = [
    "Ferries Return to Summer Timetable",
    "President Tam Orrell Visits Bell Foundry",
    "Press Review",
    "Weather Report of Harbour Office for Tuesday",
    "Clock Fair Opens in Vell",
    "Captain Saves Letter from Drowning Postman",
    "Address Book of Bell Guild Published",
    # acts in the headline that nobody performs in the text
    "Order of Merit Awarded to Pilot",
    "Order at Fish Market Restored",
    "Letter of 1820 Found in Church Wall",
    "Message of Hope Painted on Pier",
    "Report of Storm at Sea Proves False",
    "Report on Herring Catch Published",
    "Debate on Bell Enters Third Day",
    "Address of New Post Office Announced",
]


@pytest.mark.parametrize(("title", "said"), HEADLINES.items(), ids=HEADLINES)
def test_headline_says(title: str, said: tuple[str | None, str | None, str | None]) -> None:
    assert read_headline(title) == Headline(*said)


@pytest.mark.parametrize("title", NEWS)
def test_headline_of_news_says_nothing(title: str) -> None:
    assert read_headline(title) == Headline()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "The following is the speech made by the respected Comrade Ada Brink at the Fair "
            "of Clockmakers:",
            Headline("Ada Brink", "speech", "Fair of Clockmakers"),
        ),
        (
            "The following is the letter that Mayor Lis Dahl sent to the ringers:",
            Headline("Lis Dahl", "letter", None),
        ),
        (
            "This is the full text of the statement issued by Tam Orrell:",
            Headline("Tam Orrell", "statement", None),
        ),
        (
            "Tam Orrell, master of the Bell Guild, issued the following press statement on Monday:",
            Headline("Tam Orrell", "press statement", None),
        ),
        (
            'The following is the speech "A Bell for Vell" made by Ada Brink:',
            Headline("Ada Brink", "speech", None),
        ),
        ("The bell is cracked.", Headline()),
    ],
)
def test_announcement_says(sentence: str, said: Headline) -> None:
    assert read_announcement(sentence) == said


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the respected Comrade Ada Brink", "Ada Brink"),
        ("His Excellency President Tam Orrell", "Tam Orrell"),
        ("Lis Dahl, Premier of Vell", "Lis Dahl"),
        ("Harbour Master Oda Fenn", "Oda Fenn"),
        ("Spokesperson for Ministry of Bells", "Spokesperson for Ministry of Bells"),
        ("the", None),
        ("Various Countries", None),
    ],
)
def test_name_without_honorific_and_office(phrase: str, name: str | None) -> None:
    assert person_name(phrase) == name


@pytest.mark.parametrize(
    ("text", "bold", "found"),
    [
        ("Thank you.\nHana Reed", (), "Hana Reed"),
        ("A statement by Hana Reed follows.", (), "Hana Reed"),
        ("The bell is cracked.", ("Hana Reed",), "Hana Reed"),
        ("The bell is cracked.", (), "Minister of Bells Hana Reed"),
    ],
)
def test_name_behind_an_office_needs_a_proof_on_the_page(
    text: str, bold: tuple[str, ...], found: str
) -> None:
    assert find_name("Minister of Bells Hana Reed", text, bold) == found


def test_what_the_lede_adds_to_the_title() -> None:
    title = Headline("Minister of Bells", None, "Bell Fair")
    lede = Headline("Hana Reed", "speech", "Fair of Bells")
    assert merge(title, lede) == Headline("Hana Reed", "speech", "Bell Fair")
    assert merge(Headline(), Headline()) == Headline()


@pytest.mark.parametrize(
    ("text", "proved"),
    [
        ("Tomas Kell", True),
        ("Thank you.\nTomas Kell", True),
        ("It was written by Tomas Kell.", True),
        ("We heard Tomas Kell, and by Tomas Kell it was said", True),
        ("We heard Tomas Kell.", False),
        ("The standby Tomas Kell", False),
        ("Tomas Kellner", False),
        ("by Tomas Kellner and Tomas Kell", False),
        ("", False),
    ],
)
def test_what_proves_where_a_name_begins(text: str, proved: bool) -> None:
    phrase = "Minister of Harvests Tomas Kell"
    assert find_name(phrase, text) == ("Tomas Kell" if proved else phrase)
