//! What a sheet is told from others by: a number whose last character checks the others.

/// The characters that a check goes over, each worth its place.
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// `MLF26-A017-3`, of an exam, a version and a number.
pub fn form_id(exam: &str, version: Option<char>, number: usize) -> String {
    let exam: String = exam.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let body = format!("{}-{}{number:03}", exam.to_ascii_uppercase(), version.map_or(String::new(), String::from));
    checked(&body)
}

/// A number with the character that checks it: `q3-001-K`.
pub fn checked(body: &str) -> String {
    format!("{body}-{}", check_character(body))
}

/// What is before the number of a variant: `q3` of `q3-001-K`; all of what is no such number.
pub fn family(id: &str) -> &str {
    let parts = || id.rsplit_once('-')?.0.rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok());
    parts().filter(|_| is_form_id(id)).map_or(id, |(family, _)| family)
}

/// A problem's identifier, where it is the number of a variant.
pub fn form_of(id: &str) -> Option<&str> {
    Some(id).filter(|id| family(id) != *id)
}

/// Whether the last character of a form's number checks the others.
pub fn is_form_id(text: &str) -> bool {
    let text = text.trim().to_ascii_uppercase();
    text.rsplit_once('-').is_some_and(|(body, check)| {
        let mut check = check.chars();
        (check.next(), check.next()) == (Some(check_character(body)), None)
    })
}

/// ISO 7064, mod 37,36: it finds every single wrong character and every exchange of two neighbours. Signs are passed
/// over.
fn check_character(body: &str) -> char {
    let places = body.chars().filter_map(|c| ALPHABET.find(c.to_ascii_uppercase()));
    let product = places.fold(36, |product, place| {
        let sum = (product + place) % 36;
        2 * (if sum == 0 { 36 } else { sum }) % 37
    });
    ALPHABET.chars().nth((37 - product) % 36).unwrap_or('0')
}

/// The date in words: `Monday 14 December 2026`.
pub fn day((year, month, day): (u32, u32, u32)) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const DAYS: [&str; 7] = ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    // Zeller's congruence: January and February count as months 13 and 14 of the year before.
    let (y, m) = if month < 3 { (year + 399, month + 12) } else { (year + 400, month) };
    let weekday = (day + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400) % 7;
    format!("{} {day} {} {year}", DAYS[weekday as usize], MONTHS[(month - 1) as usize])
}

/// The order of the questions in a version: all orders, spread evenly, the first of them as they come. `None` where
/// there are fewer orders than versions.
pub fn order(questions: usize, version: usize, versions: usize) -> Option<Vec<usize>> {
    let orders = (1..=questions as u64).try_fold(1_u64, u64::checked_mul).unwrap_or(u64::MAX);
    if versions as u64 > orders {
        return None;
    }
    let mut rank = orders / versions as u64 * version as u64;
    let mut rest: Vec<usize> = (0..questions).collect();
    let mut left = orders;
    let mut order = Vec::new();
    while !rest.is_empty() {
        left /= rest.len() as u64;
        let place = rank.checked_div(left).map_or(0, |place| place as usize).min(rest.len() - 1);
        rank -= left * place as u64;
        order.push(rest.remove(place));
    }
    Some(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_check_is_the_published_one() {
        // The example of the Global Release Identifier, which is checked in the same way.
        assert_eq!(check_character("A1-2425G-ABC1234002"), 'M');
        let id = form_id("ML-F26", Some('A'), 17);
        assert!(id.starts_with("MLF26-A017-") && is_form_id(&id), "{id}");
    }

    #[test]
    fn every_wrong_character_and_every_exchange_is_found() {
        let id = form_id("ML-F26", Some('B'), 109);
        let characters: Vec<char> = id.chars().collect();
        for place in (0..characters.len()).filter(|place| characters[*place] != '-') {
            for other in ALPHABET.chars().filter(|other| *other != characters[place]) {
                let mut wrong = characters.clone();
                wrong[place] = other;
                assert!(!is_form_id(&wrong.iter().collect::<String>()), "{wrong:?}");
            }
            if place > 0 && characters[place - 1] != '-' && characters[place - 1] != characters[place] {
                let mut wrong = characters.clone();
                wrong.swap(place - 1, place);
                assert!(!is_form_id(&wrong.iter().collect::<String>()), "{wrong:?}");
            }
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day((2026, 12, 14)), "Monday 14 December 2026");
        assert_eq!(day((2000, 2, 29)), "Tuesday 29 February 2000");
        assert_eq!(day((1969, 7, 20)), "Sunday 20 July 1969");
    }

    #[test]
    fn versions_have_orders_of_their_own() {
        for (questions, versions) in [(2, 2), (3, 4), (4, 4), (6, 26), (25, 4)] {
            let orders: BTreeSet<Vec<usize>> =
                (0..versions).map(|version| order(questions, version, versions).unwrap()).collect();
            assert_eq!(orders.len(), versions, "{questions}");
            assert_eq!(order(questions, 0, versions).unwrap(), (0..questions).collect::<Vec<_>>());
        }
        assert_eq!(order(2, 0, 4), None);
    }
}
