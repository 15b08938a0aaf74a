//! Convolution and pooling against the figures of an independent library (tests/figures/README.md).

use serde_json::Value;
use solve::graph::{Environment, Graph, Site};
use solve::number::Number;
use solve::ops::{Op, Options};
use solve::shape::Shape;
use solve::span::Span;
use solve::syntax::ast::{NamedOption, OptionValue, Spanned};
use solve::tensor::Tensor;

fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../figures/conv_pool.json")).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// Nested lists of integers and of fractions as text.
fn tensor(value: &Value) -> Tensor<Number> {
    let (mut extents, mut entries, mut level) = (Vec::new(), vec![value], value);
    while let Value::Array(items) = level {
        extents.push(items.len());
        entries = entries.into_iter().flat_map(|entry| entry.as_array().unwrap()).collect();
        level = &items[0];
    }
    Tensor::from_entries(&extents, entries.into_iter().map(number).collect())
}

fn number(value: &Value) -> Number {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    match text.split_once('/') {
        Some((above, below)) => Number::ratio(above.parse().unwrap(), below.parse().unwrap()),
        None => Number::parse(&text).unwrap(),
    }
}

/// A list of F numbers is a row.
fn bias(value: &Value) -> Tensor<Number> {
    let bias = tensor(value);
    if bias.rank() == 1 { bias.reshape(&[1, bias.size()]) } else { bias }
}

fn option(name: &str, value: &Value) -> NamedOption {
    let spanned = |value: OptionValue| Spanned { value, span: Span::new(0, 0) };
    let value = match value {
        Value::Array(pair) => OptionValue::List(pair.iter().map(Value::to_string).collect()),
        Value::String(word) => OptionValue::Word(word.clone()),
        Value::Bool(flag) => OptionValue::Word(flag.to_string()),
        number => OptionValue::Number(number.to_string()),
    };
    NamedOption { name: Spanned { value: name.to_string(), span: Span::new(0, 0) }, value: spanned(value) }
}

fn op(case: &Value, more: &[(&str, Value)]) -> Op {
    let stated = case["options"].as_object().unwrap().iter().map(|(name, value)| option(name, value));
    let name = case["op"].as_str().unwrap();
    let mut options =
        Options::new(name, stated.chain(more.iter().map(|(name, value)| option(name, value))).collect(), 1);
    let op = Op::from_call(name, &mut options).unwrap().unwrap();
    options.finish(name).unwrap();
    op
}

fn operands(case: &Value) -> Vec<Tensor<Number>> {
    let inputs = &case["inputs"];
    let others = ["kernel", "bias"].into_iter().filter(|name| !inputs[*name].is_null());
    let read = |name| if name == "bias" { bias(&inputs[name]) } else { tensor(&inputs[name]) };
    std::iter::once(tensor(&inputs["image"])).chain(others.map(read)).collect()
}

#[test]
fn values_and_shapes_are_the_librarys() {
    let mut seen = 0;
    for case in cases() {
        let (name, operands) = (case["name"].as_str().unwrap(), operands(&case));
        let references: Vec<&Tensor<Number>> = operands.iter().collect();
        let shapes: Vec<Shape> = operands.iter().map(Tensor::shape).collect();
        let mut check = |op: Op, expected: &Value| {
            let expected = tensor(expected);
            assert_eq!(op.evaluate(&references).unwrap(), expected, "{name}");
            assert_eq!(op.shape(&shapes).unwrap(), expected.shape(), "{name}");
            let floats: Vec<Tensor<f64>> = operands.iter().map(Tensor::convert).collect();
            let value = op.evaluate(&floats.iter().collect::<Vec<_>>()).unwrap();
            let wide = expected.convert::<f64>();
            assert!(value.entries().zip(wide.entries()).all(|(a, b)| (a - b).abs() < 1e-12), "{name}: f64");
            seen += 1;
        };
        check(op(&case, &[]), &case["output"]);
        if !case["output_exclude_padding"].is_null() {
            check(op(&case, &[("count_padding", Value::Bool(false))]), &case["output_exclude_padding"]);
        }
    }
    assert!(seen > 150, "{seen} figures");
}

#[test]
fn gradients_are_the_librarys() {
    let mut seen = 0;
    for case in cases().iter().filter(|case| !case["gradients"].is_null()) {
        let name = case["name"].as_str().unwrap();
        let mut graph = Graph::default();
        let leaves: Vec<_> = operands(case).into_iter().map(|operand| graph.add_literal(operand)).collect();
        let op = op(case, &[]);
        let output = graph.apply(op.clone(), &leaves).unwrap();
        let upstream = graph.add_literal(tensor(&case["upstream"]));
        let shapes: Vec<Shape> = leaves.iter().map(|leaf| graph.shape(*leaf).clone()).collect();
        for (place, rule) in op.gradient(&shapes).iter().enumerate() {
            let gradient =
                graph.instantiate(&rule.term, Site { operands: &leaves, output, upstream }).unwrap().unwrap();
            let values = graph.evaluate(&[gradient], &Environment::given(&graph)).unwrap();
            let expected = &case["gradients"][["image", "kernel", "bias"][place]];
            let expected = if place == 2 { bias(expected) } else { tensor(expected) };
            assert_eq!(values.get(gradient).unwrap(), &expected, "{name}, operand {place}");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen} gradients");
}
