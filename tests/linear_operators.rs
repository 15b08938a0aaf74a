//! Laws of the operators that are linear in each operand: convolution, pooling, reshaping and what their gradients
//! are made of. Everything is exact, so there is no tolerance.

use solve::graph::{Environment, Graph, NodeId, Site};
use solve::number::Number;
use solve::ops::{Op, Options, Stack};
use solve::render::notation::{Printer, Style};
use solve::shape::Shape;
use solve::syntax::ast::ExprKind;
use solve::syntax::read_expression;
use solve::tensor::Tensor;

/// A call and the extents of its operands.
const SAMPLES: &[(&str, &[&[usize]])] = &[
    ("conv2d(A, B)", &[&[4, 6], &[3, 3]]),
    ("conv2d(A, B, c)", &[&[4, 5], &[2, 3], &[]]),
    ("conv2d(A, B, c, stride = 2)", &[&[6, 6], &[3, 3], &[1, 1]]),
    ("conv2d(A, B, padding = same)", &[&[4, 5], &[3, 3]]),
    ("conv2d(A, B, padding = same)", &[&[4, 5], &[2, 3]]),
    ("conv2d(A, B, padding = 1, flip = true)", &[&[4, 5], &[3, 2]]),
    ("conv2d(A, B, padding = 3)", &[&[2, 3], &[2, 2]]),
    ("conv2d(A, B, dilation = 2)", &[&[5, 6], &[2, 3]]),
    ("conv2d(A, B, padding = (1, 0), dilation = (2, 1), flip = true)", &[&[5, 6], &[2, 3]]),
    ("conv2d(A, B, stride = (2, 3), padding = 1, flip = true)", &[&[5, 6], &[3, 2]]),
    ("conv2d(A, B, c, stride = 2, padding = same)", &[&[2, 5, 4], &[3, 2, 3, 3], &[3, 1]]),
    ("conv2d(A, B, c)", &[&[2, 4, 4], &[2, 3, 3], &[]]),
    ("conv2d(A, B, c)", &[&[2, 2, 3, 4], &[2, 2, 2, 2], &[1, 2]]),
    ("conv2d(A, B, c)", &[&[2, 2, 3, 4], &[2, 2, 2], &[]]),
    ("conv2d(A, B, c)", &[&[3, 4], &[2, 1, 2, 2], &[2, 1]]),
    ("conv2d(A, B, c)", &[&[2, 1, 3, 4], &[2, 2], &[]]),
    ("conv2d_input_gradient(A, B, D, stride = 2)", &[&[6, 5], &[3, 2], &[2, 2]]),
    ("conv2d_input_gradient(A, B, D, padding = same, flip = true)", &[&[2, 3, 4], &[2, 2, 2, 3], &[2, 3, 4]]),
    ("conv2d_kernel_gradient(A, B, D, stride = 2)", &[&[6, 5], &[3, 2], &[2, 2]]),
    ("conv2d_kernel_gradient(A, B, D, dilation = 2, flip = true)", &[&[2, 1, 4, 5], &[1, 2, 2], &[2, 2, 3]]),
    ("maxpool(A, size = 2)", &[&[4, 5]]),
    ("maxpool(A, size = 3, stride = 1)", &[&[2, 4, 5]]),
    ("maxpool(A, size = (2, 3), stride = 2, padding = (1, 2))", &[&[2, 2, 4, 3]]),
    ("maxpool(A, size = 2, padding = same)", &[&[5, 3]]),
    ("maxpool_gradient(A, D, size = 2)", &[&[5, 4], &[2, 2]]),
    ("maxpool_gradient(A, D, size = 2, stride = 1)", &[&[3, 4], &[2, 3]]),
    ("maxpool_select(A, B, size = 2, stride = 1)", &[&[3, 4], &[3, 4]]),
    ("avgpool(A, size = 2)", &[&[4, 5]]),
    ("avgpool(A, size = 3, stride = 2, padding = 1)", &[&[2, 4, 5]]),
    ("avgpool(A, size = 3, stride = 2, padding = same, count_padding = false)", &[&[2, 2, 4, 5]]),
    ("avgpool_gradient(A, D, size = 2)", &[&[5, 4], &[2, 2]]),
    ("avgpool_gradient(A, D, size = 2, padding = 1, count_padding = false)", &[&[3, 4], &[2, 3]]),
    ("flatten(A)", &[&[2, 3]]),
    ("flatten(A)", &[&[2, 3, 2]]),
    ("flatten(A)", &[&[2, 3, 2, 2]]),
    ("reshape(A, shape = (3, 2, 2))", &[&[2, 6]]),
    ("reshape(A, shape = (4, -1))", &[&[2, 2, 3]]),
    ("reshape(A, B)", &[&[2, 6], &[4, 3]]),
    ("concat(A, B)", &[&[2, 3], &[2, 1]]),
    ("concat(A, B, c, axis = 0)", &[&[1, 3], &[2, 3], &[1, 3]]),
    ("concat(A, B, axis = 2)", &[&[2, 1, 3], &[2, 1, 2]]),
    ("concat_gradient(A, B, D, of = 2)", &[&[2, 3], &[2, 1], &[2, 4]]),
    ("slice(A, from = 2, to = 3)", &[&[2, 4]]),
    ("slice(A, axis = 0, from = 2)", &[&[3, 2, 2]]),
    ("slice_gradient(A, D, from = 2, to = 3)", &[&[2, 4], &[2, 2]]),
];

fn call(text: &str) -> Op {
    let expression = read_expression(text).unwrap().value;
    let Some(ExprKind::Call { callee, options, .. }) = expression.nodes.last().map(|node| &node.kind) else {
        panic!("{text} is no call");
    };
    let mut options = Options::new(&callee.text, options.clone(), 1);
    let op = Op::from_call(&callee.text, &mut options).unwrap().unwrap();
    options.finish(&callee.text).unwrap();
    op
}

/// Different numbers, in no order.
fn scattered(extents: &[usize], seed: usize) -> Tensor<Number> {
    let size: usize = extents.iter().product();
    let entry = |place: usize| Number::integer(((place * 37 + seed * 11) % 101) as i64 - 50);
    Tensor::from_entries(extents, (0..size).map(entry).collect())
}

fn samples() -> Vec<(String, Op, Vec<Tensor<Number>>)> {
    let read = |(text, extents): &(&str, &[&[usize]])| {
        let operands = extents.iter().enumerate().map(|(seed, extents)| scattered(extents, seed)).collect();
        (text.to_string(), call(text), operands)
    };
    let matrix = (0..6).map(|seed| scattered(&[], seed)).collect();
    let stack = ("[a b; c d; e f]".to_string(), Op::from(Stack { rows: 3, columns: 2 }), matrix);
    SAMPLES.iter().map(read).chain([stack]).collect()
}

struct Applied {
    graph: Graph,
    operands: Vec<NodeId>,
    output: NodeId,
}

fn apply(op: &Op, operands: &[Tensor<Number>]) -> Applied {
    let mut graph = Graph::default();
    let operands: Vec<NodeId> = operands.iter().map(|operand| graph.add_literal(operand.clone())).collect();
    let output = graph.apply(op.clone(), &operands).unwrap();
    Applied { graph, operands, output }
}

fn value(graph: &Graph, node: NodeId) -> Tensor<Number> {
    graph.evaluate(&[node], &Environment::given(graph)).unwrap().get(node).unwrap().clone()
}

fn dot(a: &Tensor<Number>, b: &Tensor<Number>) -> Number {
    a.zip(b, |a, b| a * b).total()
}

#[test]
fn the_shape_is_the_values_shape() {
    for (text, op, operands) in samples() {
        let applied = apply(&op, &operands);
        let value = value(&applied.graph, applied.output);
        assert_eq!(applied.graph.shape(applied.output), &value.shape(), "{text}");
    }
}

#[test]
fn every_gradient_is_the_exact_difference() {
    for (text, op, operands) in samples() {
        let Applied { mut graph, operands: nodes, output } = apply(&op, &operands);
        let before = value(&graph, output);
        let weights = scattered(before.extents(), 5);
        let upstream = graph.add_literal(weights.clone());
        let shapes: Vec<Shape> = operands.iter().map(Tensor::shape).collect();
        for (place, rule) in op.gradient(&shapes).iter().enumerate() {
            let gradient = graph.instantiate(&rule.term, Site { operands: &nodes, output, upstream }).unwrap();
            let gradient = gradient.map_or_else(
                || Tensor::filled(operands[place].extents(), Number::integer(0)),
                |gradient| {
                    assert_eq!(graph.shape(gradient), &shapes[place], "{text}: operand {place}");
                    value(&graph, gradient)
                },
            );
            for (flat, expected) in gradient.entries().enumerate() {
                // Half a unit changes no order of whole numbers.
                let half =
                    |(own, old): (usize, &Number)| if own == flat { old + &Number::ratio(1, 2) } else { old.clone() };
                let entries = operands[place].entries().enumerate().map(half).collect();
                let moved = Tensor::from_entries(operands[place].extents(), entries);
                let all: Vec<&Tensor<Number>> =
                    operands.iter().enumerate().map(|(own, old)| if own == place { &moved } else { old }).collect();
                let change = op.evaluate(&all).unwrap().zip(&before, |after, before| after - before);
                let expected = expected * &Number::ratio(1, 2);
                assert_eq!(dot(&change, &weights), expected, "{text}: operand {place}, entry {flat}");
            }
        }
    }
}

#[test]
fn what_is_printed_is_read_as_the_same_operator() {
    for (text, op, operands) in samples().into_iter().filter(|(_, op, _)| !matches!(op, Op::Stack(_))) {
        let applied = apply(&op, &operands);
        let printed = Printer::new(&applied.graph, Style::Plain).print(applied.output);
        assert_eq!(call(&printed), op, "{text} was printed as {printed}");
    }
}

#[test]
fn every_account_comes_to_the_entry() {
    use solve::ops::Account;
    for (text, op, operands) in samples() {
        let references: Vec<&Tensor<Number>> = operands.iter().collect();
        let result = op.evaluate(&references).unwrap();
        for (entry, expected) in solve::tensor::indices(result.extents()).zip(result.entries()) {
            let sum = |terms: Vec<Number>| terms.iter().fold(Number::integer(0), |sum, term| &sum + term);
            let told = match op.account(&references, &entry) {
                Account::Products { groups, addend } => {
                    let products = groups.into_iter().flatten().map(|(a, b)| &a * &b);
                    sum(products.chain(addend).collect())
                }
                Account::Terms(terms) => sum(terms),
                Account::Mean { terms, divisor } => sum(terms).checked_div(&Number::integer(divisor as i64)).unwrap(),
                Account::Choice { candidates, winner } => {
                    let (index, value) = candidates[winner].clone();
                    assert_eq!(operands[0].at(&index), &value, "{text}");
                    value
                }
                Account::Moved { operand, from } => operands[operand].at(&from).clone(),
                other => panic!("{text}: {other:?}"),
            };
            assert_eq!(&told, expected, "{text} at {entry:?}");
        }
    }
}

#[test]
fn every_mistake_can_be_made() {
    for (text, op, operands) in samples() {
        let shapes: Vec<Shape> = operands.iter().map(Tensor::shape).collect();
        let Applied { mut graph, operands: nodes, output } = apply(&op, &operands);
        let upstream = graph.add_literal(scattered(value(&graph, output).extents(), 5));
        for mistake in op.mistakes(&shapes) {
            match &mistake.slip {
                // Some mistakes give a shape that does not go on; none may be the right operator.
                solve::ops::Slip::Forward(wrong) => assert_ne!(wrong, &op, "{text}: {}", mistake.name),
                solve::ops::Slip::Gradient(place, term) => {
                    let right = &op.gradient(&shapes)[*place].term;
                    assert_ne!(term, right, "{text}: {}", mistake.name);
                    let site = Site { operands: &nodes, output, upstream };
                    if let Ok(Some(wrong)) = graph.instantiate(term, site) {
                        value(&graph, wrong);
                    }
                }
            }
        }
    }
}
