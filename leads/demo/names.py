"""Names of the people who ask for a house: invented, of the many backgrounds that live around the Bay."""

import unicodedata
from collections.abc import Iterator
from random import Random

#: (given names, family names) that plausibly go together.
_CIRCLES: tuple[tuple[str, str], ...] = (
    (
        "Alejandra Mateo Lucía Rafael Ximena Joaquín Marisol Esteban Paloma Andrés Yolanda Héctor Renata Óscar",
        "Ortega Villanueva Carrillo Zamora Fuentes Ibarra Sandoval Quintero Barragán Peralta Lozano Arreola",
    ),
    (
        "Denise Marcus Imani Terrence Aaliyah Jerome Keisha Andre Simone Reggie Latrice Isaiah Monique Calvin",
        "Bell Whitaker Gaines Prescott Holloway Mayfield Dorsey Baptiste Sims Langston Broussard Tolliver",
    ),
    (
        "Mei-Hua Jason Lillian Kevin Xiaoyu Grace Winston Yun Vivian Haoran Elaine Raymond",
        "Chen Liang Huang Kwok Fong Leung Tsai Yip Szeto Deng Louie Guan",
    ),
    (
        "Linh Minh Thuy Bao Hanh Khoa Trang Duc Mai Quan Phuong Tuan",
        "Nguyen Pham Vo Dang Bui Huynh Duong Lam Trinh Ngo",
    ),
    (
        "Priya Nikhil Anjali Rohan Deepa Sanjay Meera Vikram Kavita Arjun Shreya Manish",
        "Raman Deshpande Iyer Kulkarni Bhatt Menon Chatterjee Reddy Saxena Varghese Gill",
    ),
    (
        "Rosario Jomar Maricel Paolo Divina Rommel Liezl Arvin Corazon Nestor",
        "Dela-Cruz Magsaysay Bautista Manalo Salonga Pangilinan Evangelista Tolentino",
    ),
    (
        "Hannah Connor Siobhán Patrick Maeve Declan Bridget Owen Caitlin Rory",
        "O'Malley Kearney Doyle Gallagher Sweeney Hanrahan O'Dwyer Brannigan",
    ),
    (
        "Ingrid Lars Astrid Anders Freya Henrik Solveig Nils Karin Magnus",
        "Sorensen Halvorsen Bergström Dahl Lindgren Nyström Ekholm Vestergaard",
    ),
    (
        "Rachel Aaron Miriam Joel Naomi Ezra Shira Daniel Tamar Benjamin",
        "Feldman Rosenthal Kaplan Abramson Lieberman Zucker Mandel Shapiro",
    ),
    (
        "Leila Omar Yasmin Karim Samira Bilal Noor Hassan Dalia Tariq",
        "Haddad Farouk Mansour Rahimi Qureshi Siddiqui Nasser Khoury",
    ),
    (
        "Amara Chidi Ngozi Emeka Abena Kwame Selam Dawit Folake Tunde Hiwot Yonas",
        "Okonkwo Mensah Tesfaye Adeleke Boateng Nwosu Haile Eze Asante Gebremariam",
    ),
    (
        "Olga Dmitri Svetlana Pavel Katarzyna Tomasz Iryna Bohdan Małgorzata Viktor",
        "Petrenko Kowalczyk Volkov Nowak Shevchuk Zielinski Marchenko Wójcik",
    ),
    (
        "Jisoo Daniel Minji Sungho Eunice Brian Hana Peter Soyeon Junho",
        "Park Choi Kang Yoon Shin Bae Hwang Noh",
    ),
    (
        "Kenji Naoko Hiroshi Emi Takeshi Yuki Sachiko Ryo",
        "Watanabe Fujimoto Nakagawa Ishikawa Matsuda Hayashi Oda",
    ),
    (
        "Teresa João Fátima Nuno Beatriz Rui Inês Duarte",
        "Fonseca Machado Silveira Azevedo Pacheco Borges Medeiros",
    ),
    (
        "Sione Mele Keola Leilani Tavita Sina Makoa Ana-Lisa",
        "Tuilagi Kealoha Faleafa Kahananui Leota Vainikolo",
    ),
    (
        "Sarah Tyler Megan Jacob Emily Brandon Heather Kyle Allison Derek Laura Scott Jenna Cody",
        "Whitcomb Haldane Pruitt Mercer Ashdown Radcliff Tillman Burkhart Cheever Lovell Stanwick Dunmore",
    ),
    (
        "Giulia Marco Francesca Dino Carla Nico Chiara Sal",
        "Bellandi Rinaldi Marchetti Ferraro Pellegrino Tassone",
    ),
    (
        "Eleni Stavros Sofia Nikos Anahit Armen Lusine Hovig",
        "Papadakis Kazarian Stamos Petrosyan Vasilakis Manoukian",
    ),
)

_AREAS = ("510",) * 8 + ("925",) * 5 + ("415",) * 3 + ("341", "628", "650", "408", "707", "916", "206", "512", "312")
_HOSTS = ("example.com", "example.com", "example.org", "example.net")


def _plain(text: str) -> str:
    """The letters an address is made of: no accents, no marks. Two letters have no accent to take off."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ø", "o"))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


class Directory:
    """Hands out names, numbers and addresses, each only once, in an order fixed by the seed."""

    def __init__(self, seed: str) -> None:
        self._rng = Random(f"{seed}/directory")
        self._names = self._all_names()
        self._numbers_taken: set[str] = set()
        self._emails_taken: set[str] = set()
        self._people_taken: set[tuple[str, str]] = set()

    def _all_names(self) -> Iterator[tuple[str, str]]:
        pairs = [
            (given, family.replace("Dela-Cruz", "Dela Cruz"))
            for givens, families in _CIRCLES
            for given in givens.split()
            for family in families.split()
        ]
        self._rng.shuffle(pairs)
        return iter(pairs)

    def name(self) -> tuple[str, str]:
        """Somebody new: no name twice, and family names spread as far as they go."""
        while True:
            given, family = next(self._names)
            if (given, family) not in self._people_taken:
                self._people_taken.add((given, family))
                return given, family

    def reserve(self, given: str, family: str) -> tuple[str, str]:
        """A name written by hand; nobody drawn later gets it."""
        self._people_taken.add((given, family))
        return given, family

    def email(self, given: str, family: str) -> str:
        """An address at a domain that belongs to nobody."""
        g, f = _plain(given), _plain(family)
        shapes = (f"{g}.{f}", f"{g}{f}", f"{g[0]}{f}", f"{f}.{g}", f"{g}_{f}", f"{g}.{f}{self._rng.randint(2, 98)}")
        for _ in range(50):
            address = f"{self._rng.choice(shapes)}@{self._rng.choice(_HOSTS)}"
            if address not in self._emails_taken:
                self._emails_taken.add(address)
                return address
        raise AssertionError("no free e-mail address")

    def phone(self, area_code: str = "") -> str:
        """A number of the range reserved for fiction, typed the way people type numbers."""
        for _ in range(2000):
            area = area_code or self._rng.choice(_AREAS)
            line = f"01{self._rng.randint(0, 99):02d}"
            if area + line not in self._numbers_taken:
                self._numbers_taken.add(area + line)
                shapes = (
                    f"({area}) 555-{line}",
                    f"({area}) 555-{line}",
                    f"{area}-555-{line}",
                    f"{area}.555.{line}",
                    f"+1 {area} 555 {line}",
                    f"{area}555{line}",
                )
                return self._rng.choice(shapes)
        raise AssertionError("no free telephone number")
