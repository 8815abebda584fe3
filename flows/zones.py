"""Which zone somebody lives in, by their address: enough to know when it is ten in the morning there.

Countries with one clock for nearly everybody are known by their code; those with several by the state or
province, written as its letters or its name. Where that leaves it open nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache


@lru_cache(maxsize=8192)
def zone_of_place(country: str, region: str = "", postcode: str = "") -> str | None:
    """The IANA name, or None where the address does not tell."""
    country = country.strip().upper()
    if country in _ONE_CLOCK:
        away = next(
            (zone for start, zone in _BY_POSTCODE.get(country, ()) if postcode.startswith(start)), None
        )
        return away or _ONE_CLOCK[country]
    regions = _BY_REGION.get(country)
    if regions is None:
        return None
    # "US-TX" and "Texas" are written too.
    name = region.strip().casefold()
    return regions.get(name.removeprefix(f"{country.lower()}-")) or regions.get(name)


def _split(zones: Mapping[str, str]) -> dict[str, str]:
    """Written as zone: countries; told by country."""
    return {name.strip(): zone for zone, names in zones.items() for name in names.split()}


def _named(zones: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {name.casefold(): zone for zone, names in zones.items() for name in names}


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


# Source: the IANA database's table of zones by country, where one of them is home to nearly everybody.
_ONE_CLOCK: Mapping[str, str] = {
    **_split(
        {
            "Europe/Berlin": "DE",
            "Europe/Vienna": "AT",
            "Europe/Zurich": "CH LI",
            "Europe/Paris": "FR MC",
            "Europe/Madrid": "ES",
            "Europe/Rome": "IT SM VA",
            "Europe/Amsterdam": "NL",
            "Europe/Brussels": "BE",
            "Europe/Luxembourg": "LU",
            "Europe/London": "GB GG JE IM",
            "Europe/Dublin": "IE",
            "Europe/Lisbon": "PT",
            "Europe/Stockholm": "SE",
            "Europe/Oslo": "NO SJ",
            "Europe/Copenhagen": "DK",
            "Europe/Helsinki": "FI AX",
            "Europe/Warsaw": "PL",
            "Europe/Prague": "CZ",
            "Europe/Bratislava": "SK",
            "Europe/Budapest": "HU",
            "Europe/Ljubljana": "SI",
            "Europe/Zagreb": "HR",
            "Europe/Belgrade": "RS ME XK",
            "Europe/Sarajevo": "BA",
            "Europe/Skopje": "MK",
            "Europe/Tirane": "AL",
            "Europe/Athens": "GR",
            "Europe/Sofia": "BG",
            "Europe/Bucharest": "RO",
            "Europe/Chisinau": "MD",
            "Europe/Kyiv": "UA",
            "Europe/Minsk": "BY",
            "Europe/Vilnius": "LT",
            "Europe/Riga": "LV",
            "Europe/Tallinn": "EE",
            "Europe/Malta": "MT",
            "Europe/Andorra": "AD",
            "Europe/Gibraltar": "GI",
            "Europe/Istanbul": "TR",
            "Asia/Nicosia": "CY",
            "Atlantic/Reykjavik": "IS",
            "Atlantic/Faroe": "FO",
            "America/Nuuk": "GL",
        }
    ),
    **_split(
        {
            "Asia/Tokyo": "JP",
            "Asia/Seoul": "KR",
            "Asia/Shanghai": "CN",
            "Asia/Hong_Kong": "HK",
            "Asia/Macau": "MO",
            "Asia/Taipei": "TW",
            "Asia/Singapore": "SG",
            "Asia/Kuala_Lumpur": "MY",
            "Asia/Bangkok": "TH",
            "Asia/Ho_Chi_Minh": "VN",
            "Asia/Phnom_Penh": "KH",
            "Asia/Vientiane": "LA",
            "Asia/Yangon": "MM",
            "Asia/Manila": "PH",
            "Asia/Brunei": "BN",
            "Asia/Kolkata": "IN",
            "Asia/Colombo": "LK",
            "Asia/Kathmandu": "NP",
            "Asia/Dhaka": "BD",
            "Asia/Thimphu": "BT",
            "Asia/Karachi": "PK",
            "Asia/Kabul": "AF",
            "Indian/Maldives": "MV",
            "Asia/Tashkent": "UZ",
            "Asia/Almaty": "KZ",
            "Asia/Bishkek": "KG",
            "Asia/Dushanbe": "TJ",
            "Asia/Ashgabat": "TM",
            "Asia/Tbilisi": "GE",
            "Asia/Yerevan": "AM",
            "Asia/Baku": "AZ",
            "Asia/Dubai": "AE",
            "Asia/Riyadh": "SA",
            "Asia/Qatar": "QA",
            "Asia/Bahrain": "BH",
            "Asia/Kuwait": "KW",
            "Asia/Muscat": "OM",
            "Asia/Jerusalem": "IL",
            "Asia/Hebron": "PS",
            "Asia/Beirut": "LB",
            "Asia/Amman": "JO",
            "Asia/Baghdad": "IQ",
            "Africa/Cairo": "EG",
            "Africa/Casablanca": "MA",
            "Africa/Algiers": "DZ",
            "Africa/Tunis": "TN",
            "Africa/Johannesburg": "ZA LS SZ",
            "Africa/Lagos": "NG",
            "Africa/Accra": "GH",
            "Africa/Abidjan": "CI",
            "Africa/Dakar": "SN",
            "Africa/Nairobi": "KE",
            "Africa/Kampala": "UG",
            "Africa/Dar_es_Salaam": "TZ",
            "Africa/Addis_Ababa": "ET",
            "Africa/Kigali": "RW",
            "Africa/Lusaka": "ZM",
            "Africa/Harare": "ZW",
            "Africa/Windhoek": "NA",
            "Africa/Gaborone": "BW",
            "Africa/Maputo": "MZ",
            "Indian/Mauritius": "MU",
            "Indian/Reunion": "RE",
            "Indian/Mayotte": "YT",
        }
    ),
    **_split(
        {
            "Pacific/Auckland": "NZ",
            "Pacific/Fiji": "FJ",
            "Pacific/Noumea": "NC",
            "Pacific/Guam": "GU MP",
            "Pacific/Pago_Pago": "AS",
            "Pacific/Apia": "WS",
            "Pacific/Tongatapu": "TO",
            "America/Puerto_Rico": "PR",
            "America/St_Thomas": "VI",
            "America/Guadeloupe": "GP",
            "America/Martinique": "MQ",
            "America/Cayenne": "GF",
            "America/Argentina/Buenos_Aires": "AR",
            "America/Montevideo": "UY",
            "America/Asuncion": "PY",
            "America/La_Paz": "BO",
            "America/Lima": "PE",
            "America/Bogota": "CO",
            "America/Caracas": "VE",
            "America/Guyana": "GY",
            "America/Paramaribo": "SR",
            "America/Panama": "PA",
            "America/Costa_Rica": "CR",
            "America/Managua": "NI",
            "America/Tegucigalpa": "HN",
            "America/El_Salvador": "SV",
            "America/Guatemala": "GT",
            "America/Belize": "BZ",
            "America/Havana": "CU",
            "America/Jamaica": "JM",
            "America/Port-au-Prince": "HT",
            "America/Santo_Domingo": "DO",
            "America/Nassau": "BS",
            "America/Barbados": "BB",
            "America/Port_of_Spain": "TT",
            "Atlantic/Bermuda": "BM",
            "America/Guayaquil": "EC",
            "America/Santiago": "CL",
        }
    ),
}

# Islands with a clock of their own that the country's code does not tell.
_BY_POSTCODE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ES": (("35", "Atlantic/Canary"), ("38", "Atlantic/Canary")),
    "PT": (
        *((str(start), "Atlantic/Madeira") for start in range(90, 95)),
        *((str(start), "Atlantic/Azores") for start in range(95, 100)),
    ),
}

# A state on the border of two zones has the one that most of its people live in.
_BY_REGION: Mapping[str, Mapping[str, str]] = {
    "US": _named(
        {
            "America/New_York": _names(
                "CT, Connecticut, DE, Delaware, DC, District of Columbia, FL, Florida, GA, Georgia,"
                " ME, Maine, MD, Maryland, MA, Massachusetts,"
                " NH, New Hampshire, NJ, New Jersey, NY, New York,"
                " NC, North Carolina, OH, Ohio, PA, Pennsylvania, RI, Rhode Island, SC, South Carolina,"
                " VT, Vermont, VA, Virginia, WV, West Virginia"
            ),
            "America/Detroit": _names("MI, Michigan"),
            "America/Indiana/Indianapolis": _names("IN, Indiana"),
            "America/Kentucky/Louisville": _names("KY, Kentucky"),
            "America/Chicago": _names(
                "AL, Alabama, AR, Arkansas, IL, Illinois, IA, Iowa, KS, Kansas, LA, Louisiana, MN, Minnesota,"
                " MS, Mississippi, MO, Missouri, NE, Nebraska, ND, North Dakota, OK, Oklahoma,"
                " SD, South Dakota, TN, Tennessee, TX, Texas, WI, Wisconsin"
            ),
            "America/Denver": _names("CO, Colorado, MT, Montana, NM, New Mexico, UT, Utah, WY, Wyoming"),
            "America/Boise": _names("ID, Idaho"),
            "America/Phoenix": _names("AZ, Arizona"),
            "America/Los_Angeles": _names("CA, California, NV, Nevada, OR, Oregon, WA, Washington"),
            "America/Anchorage": _names("AK, Alaska"),
            "Pacific/Honolulu": _names("HI, Hawaii"),
            "America/Puerto_Rico": _names("PR, Puerto Rico"),
            "America/St_Thomas": _names("VI, US Virgin Islands"),
            "Pacific/Guam": _names("GU, Guam, MP, Northern Mariana Islands"),
            "Pacific/Pago_Pago": _names("AS, American Samoa"),
        }
    ),
    "CA": _named(
        {
            "America/Toronto": _names("ON, Ontario, QC, Quebec, Québec"),
            "America/Vancouver": _names("BC, British Columbia"),
            "America/Edmonton": _names("AB, Alberta, NT, Northwest Territories"),
            "America/Regina": _names("SK, Saskatchewan"),
            "America/Winnipeg": _names("MB, Manitoba"),
            "America/Halifax": _names("NS, Nova Scotia, PE, Prince Edward Island"),
            "America/Moncton": _names("NB, New Brunswick"),
            "America/St_Johns": _names("NL, Newfoundland and Labrador, Newfoundland"),
            "America/Whitehorse": _names("YT, Yukon"),
        }
    ),
    "AU": _named(
        {
            "Australia/Sydney": _names("NSW, New South Wales, ACT, Australian Capital Territory"),
            "Australia/Melbourne": _names("VIC, Victoria"),
            "Australia/Brisbane": _names("QLD, Queensland"),
            "Australia/Adelaide": _names("SA, South Australia"),
            "Australia/Perth": _names("WA, Western Australia"),
            "Australia/Hobart": _names("TAS, Tasmania"),
            "Australia/Darwin": _names("NT, Northern Territory"),
        }
    ),
    "BR": _named(
        {
            "America/Sao_Paulo": _names(
                "SP, São Paulo, RJ, Rio de Janeiro, MG, Minas Gerais, ES, Espírito Santo, PR, Paraná,"
                " SC, Santa Catarina, RS, Rio Grande do Sul, GO, Goiás, DF, Distrito Federal"
            ),
            "America/Bahia": _names("BA, Bahia"),
            "America/Fortaleza": _names(
                "CE, Ceará, MA, Maranhão, PI, Piauí, RN, Rio Grande do Norte, PB, Paraíba"
            ),
            "America/Recife": _names("PE, Pernambuco"),
            "America/Maceio": _names("AL, Alagoas, SE, Sergipe"),
            "America/Belem": _names("PA, Pará, AP, Amapá"),
            "America/Araguaina": _names("TO, Tocantins"),
            "America/Cuiaba": _names("MT, Mato Grosso"),
            "America/Campo_Grande": _names("MS, Mato Grosso do Sul"),
            "America/Manaus": _names("AM, Amazonas"),
            "America/Porto_Velho": _names("RO, Rondônia"),
            "America/Boa_Vista": _names("RR, Roraima"),
            "America/Rio_Branco": _names("AC, Acre"),
        }
    ),
}
