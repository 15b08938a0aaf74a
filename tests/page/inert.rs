//! That an output holds nothing but what a drawing needs, whatever its labels say.

/// Every tag and attribute is one of those that drawings have, and every text is escaped.
pub fn svg(text: &str) {
    const TAGS: [&str; 11] =
        ["svg", "title", "desc", "defs", "marker", "path", "rect", "circle", "ellipse", "text", "tspan"];
    const ATTRIBUTES: &str = " xmlns viewBox width height role aria-labelledby font-family font-size font-style id refX refY \
        markerWidth markerHeight markerUnits orient d fill stroke stroke-width stroke-dasharray marker-end x y r cx cy rx ry dx dy \
        text-anchor ";
    for piece in text.split('<').skip(1) {
        let (tag, content) = piece.split_once('>').expect("a tag ends");
        assert!(!content.contains('>'), "{content}");
        for entity in content.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|known| entity.starts_with(known)), "&{entity}");
        }
        let tag = tag.trim_start_matches('/').trim_end_matches('/');
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(TAGS.contains(&name), "<{tag}>");
        let quoted: Vec<&str> = attributes.split('"').collect();
        assert!(quoted.len() % 2 == 1, "<{tag}>");
        for name in quoted.iter().step_by(2).map(|name| name.trim()).filter(|name| !name.is_empty()) {
            assert!(ATTRIBUTES.contains(&format!(" {} ", name.trim_end_matches('='))), "{name} in <{tag}>");
        }
    }
    assert!(!text.contains("javascript:") || !text.contains("href"));
}

/// Every command is one that drawings have, braces and dollars are in pairs, and no character has a meaning of its own.
pub fn latex(text: &str) {
    const COMMANDS: &str = " begin end node draw path small scriptsize setlength renewcommand arraycolsep arraystretch par \
        medskip mathrm mathbf mathsf delta odot cdot tfrac Vert left right backslash wedge sim times ldots ";
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let name = &rest[..letters.max(1)];
        let symbol = ["\\", ",", " ", "{", "}", "#", "$", "%", "&", "_"].contains(&name);
        assert!(symbol || COMMANDS.contains(&format!(" {name} ")), "\\{name}");
        rest = &rest[name.len()..];
    }
    plain.push_str(rest);
    assert!(!plain.contains(['%', '~', '#']) && !plain.contains("^^"), "{plain}");
    assert!(plain.matches('$').count().is_multiple_of(2));
    let depth = plain.chars().try_fold(0_i32, |depth, c| match c {
        '{' => Some(depth + 1),
        '}' => (depth > 0).then(|| depth - 1),
        _ => Some(depth),
    });
    assert_eq!(depth, Some(0), "{plain}");
}

/// Every line is a node, an edge or a class, and its text stays between two quotes.
pub fn mermaid(text: &str) {
    for line in text.lines().filter(|line| line.contains('"')) {
        let parts: Vec<&str> = line.split('"').collect();
        assert_eq!(parts.len(), 3, "{line}");
        let inside = parts[1].replace("<br/>", "");
        assert!(
            !inside.contains(['<', '>', '`', '&', '$', '\\', '[', ']', '{', '}', '|', '*', '_', '!', '/']),
            "{line}"
        );
    }
    for line in text.lines() {
        let known = ["flowchart LR", "  n", "  f", "  classDef "].iter().any(|start| line.starts_with(start));
        assert!(known, "{line}");
    }
}

/// Without its strings every line is a node or an edge.
pub fn dot(text: &str) {
    let mut rest = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            // A string ends at the first quote without a backslash before it.
            '"' => loop {
                match chars.next() {
                    Some('\\') => drop(chars.next()),
                    Some('"') | None => break,
                    Some(_) => {}
                }
            },
            _ => rest.push(c),
        }
        assert!(c != '\\');
    }
    for line in rest.lines() {
        let label = line.find("label=<<").map_or(line.to_owned(), |at| format!("{}];", &line[..at]));
        let known = |c: char| c.is_ascii_alphanumeric() || " ->[]=,;{}.".contains(c);
        assert!(label.chars().all(known), "{line}");
        assert!(label.matches(';').count() <= 1, "{line}");
    }
}
