//! The diagrams that the tests draw.
use solve::math::{Glyph, Math};
use solve::render::drawing::{Diagram, Edge, Kind, Label, Node};

/// A label's formula from words parted by spaces: names, a sign before one, `ᵀ` after it, `δ` for its gradient.
pub fn label(text: &str) -> Label {
    Label::new(match text {
        "" => Math::Row(Vec::new()),
        _ => text.split(' ').map(word).reduce(Math::times).unwrap(),
    })
}

fn word(text: &str) -> Math {
    if let Some(of) = text.strip_suffix('ᵀ') {
        return word(of).transposed();
    }
    match (text.strip_prefix('δ'), text) {
        (Some(of), _) => word(of).gradient(),
        (None, _) if text.parse::<f64>().is_ok() => Math::number(text),
        (None, "𝟏") => Math::Glyph(Glyph::Ones),
        (None, "+" | "−" | "·" | "⊙" | "=") => Math::words(text.to_owned()),
        (None, _) if text.chars().all(|c| c.is_alphanumeric() || c == '_') => Math::name(text),
        (None, _) => Math::words(text.to_owned()),
    }
}

pub fn node(id: &str, kind: Kind, text: &str) -> Node {
    Node::new(id, kind, label(text))
}

pub fn beside(id: &str, kind: Kind, text: &str, host: &str, gradient: &str) -> Node {
    let gradient = (!gradient.is_empty()).then(|| label(gradient));
    Node { gradient, beside: Some(host.into()), ..node(id, kind, text) }
}

pub fn edge(from: &str, to: &str, value: &str, gradient: &str) -> Edge {
    let some = |text: &str| (!text.is_empty()).then(|| label(text));
    Edge { value: some(value), gradient: some(gradient), ..Edge::new(from, to) }
}

fn diagram(title: &str, nodes: Vec<Node>, edges: Vec<Edge>) -> Diagram {
    Diagram {
        title: title.into(),
        description: format!("{title}, forward values above and gradients below the edges."),
        nodes,
        edges,
    }
}

/// The autoencoder with a classifier on its code.
pub fn q1_symbolic() -> Diagram {
    use Kind::{Input, Loss, Operator, Output, Param, Target};
    let mut relu = node("re", Operator, "ReLU");
    relu.gradient = Some(label("δ_Z"));
    diagram(
        "Computation graph of Q1",
        vec![
            node("X", Input, "X"),
            node("a1", Operator, "· W₁ + b₁"),
            relu,
            node("a2", Operator, "· W₂ + b₂"),
            node("a3", Operator, "· W₃ + b₃"),
            node("rl", Loss, "½‖X − Y‖²"),
            node("sm", Operator, "softmax"),
            node("ce", Loss, "CE"),
            node("pl", Operator, "+"),
            node("L", Output, "L"),
            beside("W1", Param, "W₁", "a1", "Xᵀ δ_U"),
            beside("b1", Param, "b₁", "a1", "𝟏ᵀ δ_U"),
            beside("W2", Param, "W₂", "a2", "Zᵀ δ_Y"),
            beside("b2", Param, "b₂", "a2", "𝟏ᵀ δ_Y"),
            beside("W3", Param, "W₃", "a3", "Zᵀ δ_A"),
            beside("b3", Param, "b₃", "a3", "𝟏ᵀ δ_A"),
            Node { label: label("Cgt"), ..beside("Cgt", Target, "C", "ce", "") },
        ],
        vec![
            edge("X", "a1", "X", ""),
            edge("a1", "re", "U", "δ_U"),
            edge("re", "a2", "Z", "δ_Y W₂ᵀ"),
            edge("re", "a3", "Z", "δ_A W₃ᵀ"),
            edge("X", "rl", "X", ""),
            edge("a2", "rl", "Y", "δ_Y"),
            edge("a3", "sm", "A", "δ_A"),
            edge("sm", "ce", "C", ""),
            edge("rl", "pl", "L_r", "1"),
            edge("ce", "pl", "L_c", "1"),
            edge("pl", "L", "L", "1"),
        ],
    )
}

/// The same with numbers on the edges, softmax and cross-entropy in one.
pub fn q1_numeric() -> Diagram {
    use Kind::{Input, Loss, Operator, Output};
    let mut relu = node("re", Operator, "ReLU");
    relu.gradient = numbers("", [".88", "-1.12"], ["-.50", "3.50"]);
    diagram(
        "Computation graph of Q1 with numbers",
        vec![
            node("X", Input, "X"),
            node("a1", Operator, "· W₁ + b₁"),
            relu,
            node("a2", Operator, "· W₂ + b₂"),
            node("a3", Operator, "· W₃ + b₃"),
            node("rl", Loss, "½‖X − Y‖²"),
            node("ce", Loss, "softmax, CE"),
            node("pl", Operator, "+"),
            node("L", Output, "L = 3.82"),
        ],
        vec![
            edge("X", "a1", "", ""),
            on("a1", "re", numbers("U", ["2", "1"], ["1", "-4"]), numbers("", [".88", "-1.12"], ["-.50", "0"])),
            on("re", "a2", numbers("Z", ["2", "1"], ["1", "0"]), numbers("", ["1", "-1"], ["-1", "3"])),
            on("re", "a3", numbers("Z", ["2", "1"], ["1", "0"]), numbers("", ["-.12", "-.12"], [".50", ".50"])),
            edge("X", "rl", "", ""),
            on("a2", "rl", numbers("Y", ["2", "2"], ["2", "1"]), numbers("", ["1", "0"], ["-1", "2"])),
            on("a3", "ce", numbers("A", ["2", "0"], ["1", "1"]), numbers("", ["-.12", ".12"], [".50", "-.50"])),
            edge("rl", "pl", "3", "1"),
            edge("ce", "pl", ".82", "1"),
            edge("pl", "L", "", "1"),
        ],
    )
}

/// The same with everything that has numbers: all values, all gradients, all parameters.
pub fn q1_all_numbers() -> Diagram {
    use Kind::{Loss, Operator, Param, Target};
    let mut full = q1_numeric();
    full.nodes[2].label = label("ReLU");
    full.nodes[6] = node("ce", Loss, "CE");
    full.nodes.push(node("sm", Operator, "softmax"));
    full.nodes.push(beside("Cgt", Target, "T", "ce", ""));
    full.edges[6] = on("a3", "sm", numbers("A", ["2", "0"], ["1", "1"]), numbers("", ["-.12", ".12"], [".50", "-.50"]));
    full.edges.push(on("sm", "ce", numbers("C", [".88", ".12"], [".50", ".50"]), None));
    for (i, gradient) in [
        (1, [["-.6192", "-1.1192"], ["2.2616", "-2.2384"]]),
        (2, [["1", "2"], ["1", "0"]]),
        (3, [[".2616", "-.2616"], ["-.1192", ".1192"]]),
    ] {
        let gradient = numbers("", gradient[0], gradient[1]);
        full.nodes.push(Node { gradient, ..beside(&format!("W{i}"), Param, &format!("W_{i}"), &format!("a{i}"), "") });
        let row = Some(label("").with_matrix(&[&[".3808", "-1.1192"]]));
        full.nodes
            .push(Node { gradient: row, ..beside(&format!("b{i}"), Param, &format!("b_{i}"), &format!("a{i}"), "") });
    }
    full
}

fn numbers(name: &str, first: [&str; 2], second: [&str; 2]) -> Option<Label> {
    Some(label(name).with_matrix(&[&first, &second]))
}

fn on(from: &str, to: &str, value: Option<Label>, gradient: Option<Label>) -> Edge {
    Edge { value, gradient, ..Edge::new(from, to) }
}

/// Layers of a perceptron in a row.
pub fn chain(layers: usize, gradients: bool) -> Diagram {
    let mut nodes = vec![node("X", Kind::Input, "X")];
    let mut edges = Vec::new();
    let mut last = "X".to_owned();
    let grad = |text: String| if gradients { text } else { String::new() };
    for l in 1..=layers {
        let (affine, act) = (format!("a{l}"), format!("r{l}"));
        let value = if l == 1 { "X".to_owned() } else { format!("H_{}", l - 1) };
        nodes.push(node(&affine, Kind::Operator, &format!("· W_{l} + b_{l}")));
        nodes.push(node(&act, Kind::Operator, if l == layers { "softmax" } else { "tanh" }));
        nodes.push(beside(
            &format!("W{l}"),
            Kind::Param,
            &format!("W_{l}"),
            &affine,
            &grad(format!("H_{}ᵀ δA{l}", l - 1)),
        ));
        nodes.push(beside(&format!("b{l}"), Kind::Param, &format!("b_{l}"), &affine, &grad(format!("𝟏ᵀ δA{l}"))));
        edges.push(edge(&last, &affine, &value, &if l == 1 { String::new() } else { grad(format!("δH{}", l - 1)) }));
        edges.push(edge(&affine, &act, &format!("A_{l}"), &grad(format!("δA{l}"))));
        last = act;
    }
    nodes.push(node("ce", Kind::Loss, "CE"));
    nodes.push(beside("T", Kind::Target, "T", "ce", ""));
    nodes.push(node("L", Kind::Output, "L"));
    edges.push(edge(&last, "ce", "P", &grad("δP".into())));
    edges.push(edge("ce", "L", "L", &grad("1".into())));
    diagram(&format!("A network of {layers} layers"), nodes, edges)
}

/// Convolution, pooling, rectifier, forward only, with parameters of a single name.
pub fn conv() -> Diagram {
    use Kind::{Input, Operator, Output, Param};
    diagram(
        "Forward pass of a small convolutional network",
        vec![
            node("I", Input, "I"),
            node("c", Operator, "conv2d, stride 1"),
            beside("W", Param, "W", "c", ""),
            node("p", Operator, "maxpool 2 × 2"),
            node("r", Operator, "ReLU"),
            node("O", Output, "O"),
        ],
        vec![edge("I", "c", "I", ""), edge("c", "p", "J", ""), edge("p", "r", "K", ""), edge("r", "O", "O", "")],
    )
}

/// One value with several consumers, whose results are added up.
pub fn fan(consumers: usize, gradients: bool) -> Diagram {
    let grad = |text: String| if gradients { text } else { String::new() };
    let mut nodes = vec![node("X", Kind::Input, "X"), node("z", Kind::Operator, "tanh")];
    nodes[1].gradient = gradients.then(|| label("δ_Z"));
    let mut edges = vec![edge("X", "z", "X", "")];
    for i in 1..=consumers {
        nodes.push(node(&format!("h{i}"), Kind::Operator, &format!("head {i}")));
        nodes.push(beside(
            &format!("V{i}"),
            Kind::Param,
            &format!("V_{i}"),
            &format!("h{i}"),
            &grad(format!("Zᵀ δ_{{Y{i}}}")),
        ));
        edges.push(edge("z", &format!("h{i}"), "Z", &grad(format!("δ_{{Y{i}}} V_{i}ᵀ"))));
        edges.push(edge(&format!("h{i}"), "s", &format!("Y_{i}"), &grad(format!("δ_{{Y{i}}}"))));
    }
    nodes.push(node("s", Kind::Operator, "+"));
    nodes.push(node("L", Kind::Output, "L"));
    edges.push(edge("s", "L", "L", &grad("1".into())));
    diagram("One value with several consumers", nodes, edges)
}

/// Blocks `h + f(h)` in a row.
pub fn residual(blocks: usize) -> Diagram {
    let mut nodes = vec![node("X", Kind::Input, "X"), node("e", Kind::Operator, "· E")];
    nodes.push(beside("E", Kind::Param, "E", "e", "Xᵀ δ_{H0}"));
    nodes[1].gradient = Some(label("δ_{H0}"));
    let mut edges = vec![edge("X", "e", "X", "")];
    let mut last = "e".to_owned();
    for i in 1..=blocks {
        let (f, g, plus) = (format!("f{i}"), format!("g{i}"), format!("p{i}"));
        let h = format!("H_{}", i - 1);
        nodes.push(node(&f, Kind::Operator, &format!("· W_{i}")));
        nodes.push(beside(&format!("W{i}"), Kind::Param, &format!("W_{i}"), &f, &format!("H_{}ᵀ δ_{{B{i}}}", i - 1)));
        nodes.push(node(&g, Kind::Operator, "ReLU"));
        nodes.push(node(&plus, Kind::Operator, "+"));
        nodes.last_mut().unwrap().gradient = Some(label(&format!("δ_{{H{i}}}")));
        edges.push(edge(&last, &f, &h, &format!("δ_{{B{i}}} W_{i}ᵀ")));
        edges.push(edge(&last, &plus, &h, &format!("δ_{{H{i}}}")));
        edges.push(edge(&f, &g, &format!("B_{i}"), &format!("δ_{{B{i}}}")));
        edges.push(edge(&g, &plus, &format!("R_{i}"), &format!("δ_{{H{i}}}")));
        last = plus;
    }
    nodes.push(node("l", Kind::Loss, "½‖H − T‖²"));
    nodes.push(beside("T", Kind::Target, "T", "l", ""));
    nodes.push(node("L", Kind::Output, "L"));
    edges.push(edge(&last, "l", &format!("H_{blocks}"), &format!("δ_{{H{blocks}}}")));
    edges.push(edge("l", "L", "L", "1"));
    diagram("Residual blocks", nodes, edges)
}

/// A graph from pairs of numbers, each with a lower one first.
pub fn from_pairs(count: usize, pairs: &[(usize, usize)], gradients: bool) -> Diagram {
    let mut fed = vec![false; count];
    for &(_, to) in pairs {
        fed[to] = true;
    }
    let nodes = (0..count).map(|i| {
        let kind = if fed[i] { Kind::Operator } else { Kind::Input };
        let mut node = node(&format!("n{i}"), kind, &format!("op_{i}"));
        node.gradient = (gradients && fed[i]).then(|| label(&format!("δ_{i}")));
        node
    });
    let edges = pairs.iter().map(|&(from, to)| {
        let gradient = if gradients && fed[from] { format!("δ_{{{to}}} J_{{{from}}}ᵀ") } else { String::new() };
        edge(&format!("n{from}"), &format!("n{to}"), &format!("V_{{{from}}}"), &gradient)
    });
    diagram("A graph", nodes.collect(), edges.collect())
}

/// A graph from pairs with everything that makes a drawing hard, as the bits of a seed will have it: parameters and
/// targets beside nodes, signs in circles, losses, shared parameters, wide labels, and numbers on the edges.
pub fn decorated(count: usize, pairs: &[(usize, usize)], seed: u64) -> Diagram {
    let mut state = seed | 1;
    let mut one_in = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).is_multiple_of(n)
    };
    let gradients = one_in(2);
    let mut drawing = from_pairs(count, pairs, gradients);
    for i in 0..count {
        let id = drawing.nodes[i].id.clone();
        let entering = pairs.iter().filter(|pair| pair.1 == i).count();
        let leaving = pairs.iter().filter(|pair| pair.0 == i).count();
        if entering == 0 {
            drawing.nodes[i].kind = if one_in(2) { Kind::Param } else { Kind::Target };
        } else if leaving == 0 && one_in(2) {
            drawing.nodes[i].kind = Kind::Output;
        } else if entering > 1 && one_in(2) {
            drawing.nodes[i].label = label("+");
        } else if one_in(6) {
            drawing.nodes[i].kind = Kind::Loss;
            drawing.nodes[i].label = label("log-sum-exp of all logits");
        }
        if entering > 0 && one_in(3) {
            for at in 0..1 + usize::from(one_in(2)) + usize::from(one_in(4)) {
                let gradient = if gradients && !one_in(3) { "Hᵀ δ_{A}" } else { "" };
                let kind = if one_in(3) { Kind::Target } else { Kind::Param };
                drawing.nodes.push(beside(&format!("{id}w{at}"), kind, "W₁", &id, gradient));
            }
        }
    }
    for edge in &mut drawing.edges {
        if one_in(4) {
            edge.value = Some(label("V").with_matrix(&[&["1", "-22.5"], &["3", "4"]]));
        }
        if edge.gradient.is_some() && one_in(4) {
            edge.gradient = Some(label("").with_matrix(&[&["-.125", "1/3"]]));
        }
        if one_in(8) {
            edge.value = None;
        }
    }
    drawing
}

/// A graph of this size that looks random and is the same on every machine.
pub fn scattered(count: usize, more: usize, reach: usize, gradients: bool) -> Diagram {
    let mut state = 0x9e37_79b9_u64 + count as u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut pairs: Vec<(usize, usize)> = (1..count).map(|i| (i - 1 - random(i.min(3)), i)).collect();
    for _ in 0..more {
        let to = 1 + random(count - 1);
        pairs.push((to - 1 - random(to.min(reach)), to));
    }
    pairs.sort_unstable();
    pairs.dedup();
    from_pairs(count, &pairs, gradients)
}

/// Everything that is drawn by name.
pub fn all() -> Vec<(&'static str, Diagram)> {
    vec![
        ("q1_symbolic", q1_symbolic()),
        ("q1_numeric", q1_numeric()),
        ("q1_all_numbers", q1_all_numbers()),
        ("mlp2", chain(2, true)),
        ("conv", conv()),
        ("chain20", chain(20, true)),
        ("fan6", fan(6, true)),
        ("fan3", fan(3, true)),
        ("fan6_forward", fan(6, false)),
        ("residual1", residual(1)),
        ("residual3", residual(3)),
        ("chain5_forward", chain(5, false)),
        ("sparse60", scattered(60, 8, 6, true)),
        ("dense60", scattered(60, 40, 60, false)),
        ("scattered20", scattered(20, 6, 8, true)),
    ]
}
