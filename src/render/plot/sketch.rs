//! A figure in characters, for the terminal.

use super::figure::{Figure, FigureSeries, Weight};
use super::ruler::Ruler;
use crate::render::plain::width;

const COLUMNS: usize = 61;
const ROWS: usize = 17;
/// What points and lines are drawn with, series by series.
const POINTS: [char; 5] = ['●', '○', '□', '△', '×'];
const LINES: [char; 8] = ['*', '+', '-', '~', '#', '%', '=', ':'];
/// Level lines and tangents, which have no place in the legend.
const FINE: char = '·';

/// Draws a figure with characters.
pub fn sketch(figure: &Figure) -> String {
    let mut canvas = vec![vec![' '; COLUMNS]; ROWS];
    let signs = signs(figure);
    for (series, signs) in figure.series.iter().zip(&signs) {
        draw(figure, series, *signs, &mut canvas);
    }
    figure.series.iter().for_each(|series| write(figure, series, &mut canvas));
    let margin = figure.vertical.ticks.iter().map(|tick| width(&plain(tick))).max().unwrap_or(0);
    let mut lines = Vec::new();
    lines.extend(named(&figure.vertical));
    for (row, cells) in canvas.iter().enumerate() {
        let tick = figure.vertical.ticks.iter().find(|tick| row_of(&figure.vertical, tick.at) == Some(row));
        let label = tick.map_or(String::new(), plain);
        let axis = if tick.is_some() { '┤' } else { '│' };
        let cells: String = cells.iter().collect();
        lines.push(format!("{}{label} {axis}{}", " ".repeat(margin - width(&label)), cells.trim_end()));
    }
    lines.extend(below(&figure.horizontal, margin));
    lines.extend(named(&figure.horizontal).map(|name| format!("{}{name}", " ".repeat(margin + 2 + COLUMNS / 2))));
    let told = figure.series.iter().zip(&signs).filter(|(series, _)| series.in_legend);
    lines.extend(told.map(|(series, (line, point))| {
        let sign = if series.marks.is_empty() { line } else { point };
        format!("{}{sign}  {}", " ".repeat(margin + 2), series.name.text())
    }));
    lines.join("\n")
}

fn signs(figure: &Figure) -> Vec<(char, char)> {
    let (mut points, mut lines) = (POINTS.iter().cycle(), LINES.iter().cycle());
    let mut next = |series: &FigureSeries| {
        let line = if series.in_legend || series.weight == Weight::Heavy { lines.next() } else { Some(&FINE) };
        let point = if series.marks.is_empty() { None } else { points.next() };
        (line.copied().unwrap_or(FINE), point.copied().unwrap_or(FINE))
    };
    figure.series.iter().map(&mut next).collect()
}

/// The horizontal axis and its numbers.
fn below(ruler: &Ruler, margin: usize) -> [String; 2] {
    let mut axis = vec!['─'; COLUMNS];
    let mut numbers = vec![' '; COLUMNS + 12];
    for tick in &ruler.ticks {
        let Some(column) = column_of(ruler, tick.at) else { continue };
        axis[column] = '┬';
        let text: Vec<char> = plain(tick).chars().collect();
        let start = column.saturating_sub(text.len() / 2);
        for (place, character) in text.into_iter().enumerate() {
            numbers[start + place] = character;
        }
    }
    let space = " ".repeat(margin + 1);
    let (axis, numbers): (String, String) = (axis.into_iter().collect(), numbers.into_iter().collect());
    [format!("{space}└{axis}"), format!("{space} {}", numbers.trim_end())]
}

fn draw(figure: &Figure, series: &FigureSeries, (line, point): (char, char), canvas: &mut [Vec<char>]) {
    let mut put = |(x, y): (f64, f64), sign: char| {
        if let (Some(column), Some(row)) = (column_of(&figure.horizontal, x), row_of(&figure.vertical, y)) {
            // Points are not painted over.
            if !POINTS.contains(&canvas[row][column]) {
                canvas[row][column] = sign;
            }
        }
    };
    let segments = series.lines.iter().flat_map(|line| line.windows(2));
    segments.flat_map(|pair| between(figure, pair[0], pair[1])).for_each(|place| put(place, line));
    series.marks.iter().for_each(|place| put(*place, point));
}

/// Words around their places.
fn write(figure: &Figure, series: &FigureSeries, canvas: &mut [Vec<char>]) {
    for note in &series.notes {
        let (Some(column), Some(row)) = (column_of(&figure.horizontal, note.at.0), row_of(&figure.vertical, note.at.1))
        else {
            continue;
        };
        let text: Vec<char> = note.label.text().chars().take(COLUMNS).collect();
        let last = COLUMNS.saturating_sub(text.len());
        let middle = column.saturating_sub(text.len() / 2).min(last);
        // No word covers a point: it moves to the right of it.
        let covers = |start: &usize| canvas[row][*start..*start + text.len()].iter().any(|cell| POINTS.contains(cell));
        let Some(start) = (middle..=last).find(|start| !covers(start)) else { continue };
        canvas[row][start..start + text.len()].copy_from_slice(&text);
    }
}

/// Places on a segment, near enough to each other that no cell is left out.
fn between(figure: &Figure, from: (f64, f64), to: (f64, f64)) -> Vec<(f64, f64)> {
    const PLACES: usize = 2 * COLUMNS;
    let parts = figure.visible(&[from, to]);
    let along = |from: f64, to: f64, place: usize| from + (to - from) * place as f64 / PLACES as f64;
    let places = parts.iter().flat_map(|part| part.windows(2)).flat_map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        (0..=PLACES).map(move |place| (along(from.0, to.0, place), along(from.1, to.1, place)))
    });
    places.map(|(x, y)| (figure.horizontal.value(x), figure.vertical.value(y))).collect()
}

fn column_of(ruler: &Ruler, value: f64) -> Option<usize> {
    cell(ruler.part(value)?, COLUMNS)
}

fn row_of(ruler: &Ruler, value: f64) -> Option<usize> {
    Some(ROWS - 1 - cell(ruler.part(value)?, ROWS)?)
}

fn cell(part: f64, count: usize) -> Option<usize> {
    let place = (part * (count - 1) as f64).round();
    (0.0..count as f64).contains(&place).then_some(place as usize)
}

fn named(ruler: &Ruler) -> Option<String> {
    let words = ruler.words.as_ref().map_or(String::new(), |words| format!(", {words}"));
    ruler.label.as_ref().map(|label| format!("{}{words}", label.text()))
}

fn plain(tick: &super::Tick) -> String {
    tick.label.text()
}
