"""Words by which names are told apart in running text: titles, places, bodies, openers."""

from __future__ import annotations

TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Prof Sir Lord Lady Comrade Captain Marshal Colonel Admiral President "
    "Premier Professor Governor King Queen Prince Princess Senator Chancellor Keeper Minister "
    "Chairman Chairwoman Chairperson Ambassador Pope Secretary-General General Monsieur "
    "Madame Mme Mlle Président Présidente Señor Señora Presidente Presidenta Senhor Senhora "
    "Doctor Don Doña Sr Sra Herr Frau Präsident Präsidentin Bundeskanzler "
    "Bundeskanzlerin Kanzler "
    "Genosse Camarada "
    "Compañero Signor Signora "
    "Господин Господина Госпожа Товарищ Товарища Президент Президента "
    "Президентом Президенту Пан Пані Пана Генерал Генерала Маршал Маршала".split()
)
"""What stands before the name of a person; of Russian and Ukrainian also where it is small."""
OFFICES = TITLES | frozenset(
    "Secretary Prime Director Master Supreme Leader Respected Vice Deputy Foreign First Excellency "
    "Excellencies Honourable Honorable Hon Majesty Highness Madam Madame His Her Their Speaker "
    "Mayor Chief Commander Premier Ministre Ministro Ministra Primer Secretario Secrétaire "
    "Excellence Excelencia Excelencias Министр Министра Премьер Секретарь Секретаря".split()
)
"""What may stand before a name and is no part of it."""
ABBREVIATED = frozenset("Mr Mrs Ms Dr Prof Gen Sen Gov Col Capt Hon St Sr Sra Jr Lt Rev".split())
"""Words whose full stop ends no sentence."""
PLACES = frozenset(
    "Island Islands City Harbour Bay River Street Square Mountain Mountains Province County Light "
    "Sea District Port Republic Korea Peninsula Lake Ocean Strait Valley Gulf Desert Coast Airport "
    "States Kingdom Federation Emirates Region Town Village Avenue Road East West Africa America "
    "Asia Europe Strip Bank Territory Hill Canal Cape".split()
)
PLACE_FIRST = frozenset(
    "Mount Lake Port Fort San Santa Saint North South East West New Cape Little Great Upper "
    "Lower Middle Central Northern Southern Eastern Western".split()
)
STATES = frozenset(
    "Republic Kingdom State Commonwealth Federation Principality Sultanate Emirate Isle République "
    "Royaume República Reino Estado État Etat Bundesrepublik Республика Республики "
    "Королевство Государство".split()
)
"""What the long name of a state begins with."""
BODIES = frozenset(
    "Congress Committee Ministry Party School Council Assembly Army Union Library Agency Press "
    "Company Association Commission Conference University Bureau Government Nations Department "
    "Organization Organisation Parliament Senate House Court Bank Fund Institute League Alliance "
    "Office Front Corps Navy Brigade Group Forum Board Authority Society Museum Movement Academy "
    "Federation Tribunal Secretariat Programme Summit Cabinet Politburo Bundestag Ministère "
    "Parti Partido Consejo Comité Asamblea Assemblée Conseil Commission Unión Organización "
    "Партия Партии Совет Совета Организация Организации Комитет Комитета Союз Союза Ассамблея "
    "Ассамблеи Radio "
    "Grupo Goberno Gobierno Comisión Xunta Banco Министерство Рада Ради Партія Партії".split()
)
THINGS = frozenset(
    "Goals Agenda Charter Treaty Agreement Convention Protocol Pact War Day Declaration Resolution "
    "Plan Act Revolution Development Change Constitution Initiative Award Prize Code Year Accord "
    "Accords Strategy Doctrine Framework Age Week Law Intelligence Rights Peace Assistance "
    "Covenant Statute Article Chapter Report Consensus Deal Project Future South Order".split()
)
"""What a name of a subject ends with: treaties, days, plans."""
KOREAN = frozenset(
    "Kim Ri Lee Pak Park Choe Choi Jong Jang Kang Jo Cho Yun Han Hwang Ryu Pyon An O So Ro Hong "
    "Im Rim Kwon Paek Sin Kwak Thae Om Jon Ju".split()
)
"""Surnames of Korea in Latin letters; they stand first."""
NEVER = frozenset(
    "I We You He She It They The A An And But Or If In On At To Of For So My Our Your January "
    "February March April May June July August September October November December Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday Dear Friends As This That These Those There Its "
    "With From By When While Who What Where Why How Let Yes No Not Now Thank Thanks Ladies "
    "Gentlemen All Both Each Here Also Such Since Then Thus Therefore However God Le La Les Un "
    "Une Il Elle Nous Vous Et El Los Las Y En Que Der Die Das Ein Eine Wir Ich Sie Es Und O Os "
    "As Do Da No Na Juche Second Third Mesdames Messieurs Señoras Señores Colleagues Delegates "
    "Sisters Brothers Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays".split()
)
"""What begins sentences, and what is written large though it names nobody."""
INTO = frozenset(
    "in from to at across near into throughout toward towards en à em na no nach aus в во из на "
    "у до з із".split()
)
"""What stands before a place; an article may follow it."""
WITHIN = frozenset("in at across throughout en em na в во".split())
"""Those of them that seldom stand before a person."""
ARTICLES = frozenset(
    "the le la les l el los las o a os as der die das den dem des il lo gli".split()
)
PARTICULAR = frozenset(
    "Vatican Caribbean Mediterranean Ocean Jean Sean Ian Brian Julian Duncan".split()
)
"""Names that end as the names of peoples do."""

SURNAMES = (
    "김리이박최정강조윤장임림한오서신권황안송류유홍전고문양손배백허남"
    "심노로곽성차주구민진지엄원천방현함변염여려추도석선설마길연표명기반왕옥태"
)
"""Surnames of Korea, each a syllable; rare ones that begin common words are left out."""
KOREAN_TITLES = (
    "동지 동무 주석 대원수 원수 대통령 장군 각하 녀사 여사 선생 총비서 국무위원장 "
    "위원장 총리 수상 외상 장관 대장 부장 의원"
).split()
KOREAN_PLACES = (
    "평양 서울 조선반도 남조선 조선 한국 미국 일본 중국 로씨야 러시아 쏘련 판문점 개성 "
    "신의주 원산 함흥 청진 남포 백두산 금강산 아시아 유럽 윁남 꾸바 대동강 압록강"
).split()
KOREAN_ENDS = {
    "organisation": (
        "위원회 인민회의 로동당 인민군 총련맹 직업동맹 청년동맹 녀성동맹 통신사 종합대학"
    ).split(),
    "place": (
        "공화국 특별시 광역시 직할시 평안남도 평안북도 함경남도 함경북도 황해남도 황해북도 "
        "자강도 량강도"
    ).split(),
}
"""What a written word ends with that is such a name."""
PARTICLES = (
    "에게서는 께서는 에서는 에서의 에게는 으로서 으로써 이라고 께서 에서 에게 까지 부터 으로 과의 "
    "와의 로서 이다 이며 은 는 이 가 을 를 의 에 와 과 로 도 만"
).split()
"""What is written on to a Korean word, the longest first."""
