//! Reads a picture back: the numbers at its ticks give the scale of its axes.

/// The opening tags of elements with this name.
pub fn elements(svg: &str, name: &str) -> Vec<String> {
    let begin = format!("<{name} ");
    svg.match_indices(&begin).map(|(place, _)| svg[place..].split('>').next().unwrap().to_string()).collect()
}

pub fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

/// The points of all lines of a colour.
pub fn paths(svg: &str, colour: &str) -> Vec<Vec<(f64, f64)>> {
    let lines = elements(svg, "path");
    let coloured = lines.iter().filter(|path| attribute(path, "stroke") == Some(colour));
    coloured.map(|path| points(attribute(path, "d").unwrap())).collect()
}

fn points(d: &str) -> Vec<(f64, f64)> {
    let pairs = d.split(['M', 'L']).filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap()).collect()
}

/// The linear scales of both axes.
pub struct Axes {
    across: (f64, f64),
    up: (f64, f64),
}

impl Axes {
    /// From the first and the last tick of each axis: `M40,300v5` with its number below, `M40,300h-5` with it at the left.
    pub fn of(svg: &str) -> Axes {
        let ticks = |end: &str, pick: fn((f64, f64)) -> f64| {
            let paths = elements(svg, "path");
            let places =
                paths.iter().filter_map(|path| attribute(path, "d")?.strip_suffix(end).map(|d| pick(points(d)[0])));
            places.collect::<Vec<f64>>()
        };
        let (across, up) = (ticks("v5", |point| point.0), ticks("h-5", |point| point.1));
        let numbers = numbers(svg);
        let (first, rest) = numbers.split_at(across.len());
        Axes { across: scale(&across, first), up: scale(&up, &rest[..up.len()]) }
    }

    /// The numbers at a place of the picture.
    pub fn numbers(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.across.0 + self.across.1 * x, self.up.0 + self.up.1 * y)
    }
}

/// The texts of the ticks, in their order: those of the horizontal axis first.
fn numbers(svg: &str) -> Vec<f64> {
    let texts =
        svg.split("<text ").skip(1).filter(|text| text.contains("fill=\"#333\"") && text.contains("font-size=\"13\""));
    let inner = texts.map(|text| {
        let body = text.split("</text>").next().unwrap().split_once('>').unwrap().1;
        body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, words)| words)).collect::<String>()
    });
    inner.map(|number| number.replace('−', "-").parse().unwrap()).collect()
}

/// Offset and slope from places to numbers.
fn scale(places: &[f64], numbers: &[f64]) -> (f64, f64) {
    let last = places.len() - 1;
    let slope = (numbers[last] - numbers[0]) / (places[last] - places[0]);
    (numbers[0] - slope * places[0], slope)
}

/// Every tag is closed in its order, attributes are quoted, and there is no bare `&`.
pub fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some((text, after)) = rest.split_once('<') {
        for entity in text.split('&').skip(1) {
            let name = entity.split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "&{name}");
        }
        let (tag, after) = after.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match (tag.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, true) => {}
            (None, false) => open.push(tag.split(' ').next().unwrap()),
        }
        rest = after;
    }
    assert!(open.is_empty(), "{open:?}");
}
