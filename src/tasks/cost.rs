//! `count macs of Y`, `count flops of Y`, `receptive field of K`: what a network costs, and how far an entry sees.

use super::{Asking, Kind, dim_node};
use crate::answer::told::{Block, Formula, Say, Told};
use crate::answer::Part;
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, NodeId};
use crate::math::Math;
use crate::number::Number;
use crate::ops::{Op, window_sides};
use crate::shape::Dim;
use crate::tensor::Tensor;

pub const KIND: Kind = Kind {
    name: "cost",
    forms: &[
        "count macs of {names}",
        "count flops of {names}",
        "receptive field of {name}",
        "count activations of {names}",
        "count memory of {names}",
    ],
    summary: "multiply-accumulates of the matrix products and convolutions, twice as many FLOPs, how many entries of the \
              image an entry depends on in a side, the entries of all named values on the way (activations), or their \
              bytes at four each (memory)",
    example: "count macs of Y",
    answered: "macs = 120",
    answer,
};

const FLOPS: usize = 1;
const FIELD: usize = 2;
const ACTIVATIONS: usize = 3;
const MEMORY: usize = 4;
/// Of a number in single precision.
const BYTES: i64 = 4;

fn answer(asking: &mut Asking) -> Result<Told, Vec<Diagnostic>> {
    let names = asking.names(0)?;
    let of = asking.all_named(&names)?;
    match asking.asked.question.form {
        FIELD => field(asking, of[0]),
        form @ (ACTIVATIONS | MEMORY) => kept(asking, &of, form == MEMORY),
        form => costs(asking, &of, form == FLOPS),
    }
}

/// The products that some values need, each with how many multiply-accumulates it takes.
fn products(graph: &Graph, of: &[NodeId]) -> Vec<(NodeId, Dim)> {
    let needed = graph.needed(of);
    let cost = |id: NodeId| {
        let (op, operands) = graph.as_apply(id)?;
        let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand)).collect();
        let size = graph.shape(id).size();
        match op {
            Op::MatMul(_) => Some(size.times(&shapes[0].0[1])),
            // Each entry of the result is a sum over one filter.
            Op::Conv2d(conv2d) => Some(size.times(&conv2d.convolution.filter_size(shapes[0], shapes[1]))),
            // Each entry of the operand is spread by a kernel for each channel of the result.
            Op::ConvTranspose(_) => {
                let own = &shapes[1].0[usize::from(shapes[1].rank() == 4)..];
                Some(own.iter().fold(shapes[0].size(), |product, side| product.times(side)))
            }
            _ => None,
        }
    };
    graph.ids().filter(|id| needed[id.place()]).filter_map(|id| Some((id, cost(id)?))).collect()
}

fn costs(asking: &mut Asking, of: &[NodeId], flops: bool) -> Result<Told, Vec<Diagnostic>> {
    let products = products(&asking.work.model.graph, of);
    if products.is_empty() {
        return Err(asking.fault("no matrix product or convolution stands in it", "name what a layer computes"));
    }
    let total = products.iter().fold(Dim::integer(0), |total, (_, own)| total.plus(own));
    let total = if flops { total.times_integer(2) } else { total };
    let rows: Vec<Vec<Say>> = products
        .iter()
        .map(|(id, own)| vec![Say::new("{}").node(*id), Say::new("{}").formula(Formula::Math(Math::size(own)))])
        .collect();
    let mut rows = rows;
    if products.len() > 1 {
        let sum = products.iter().fold(Dim::integer(0), |sum, (_, own)| sum.plus(own));
        rows.push(vec![Say::new("together"), Say::new("{}").formula(Formula::Math(Math::size(&sum)))]);
    }
    let mut blocks = vec![Block::Table { headings: vec![Say::new("product"), Say::new("MACs")], rows }];
    blocks.push(Block::Say(match flops {
        true => Say::new("Each multiply-accumulate is counted as two operations; biases and functions of entries are left out."),
        false => Say::new("A multiply-accumulate is one product of two numbers that is added to a sum; biases and functions of entries are left out."),
    }));
    let name = if flops { "flops" } else { "macs" };
    count(asking, name, total);
    let question = match flops {
        true => Say::new("Count the floating-point operations of {}.").nodes(of),
        false => Say::new("Count the multiply-accumulates of {}.").nodes(of),
    };
    Ok(Told { title: "What it costs", question, blocks, open: false })
}

/// The entries of all named values that these need, or the bytes that keep them.
fn kept(asking: &mut Asking, of: &[NodeId], bytes: bool) -> Result<Told, Vec<Diagnostic>> {
    let model = &asking.work.model;
    let needed = model.graph.needed(of);
    let values: Vec<NodeId> = model.definitions.iter().copied().filter(|id| needed[id.place()]).collect();
    let sizes: Vec<Dim> = values.iter().map(|id| model.graph.shape(*id).size()).collect();
    let sum = sizes.iter().fold(Dim::integer(0), |sum, own| sum.plus(own));
    let row = |what: Say, size: &Dim| vec![what, Say::new("{}").formula(Formula::Math(Math::size(size)))];
    let mut rows: Vec<Vec<Say>> =
        values.iter().zip(&sizes).map(|(id, size)| row(Say::new("{}").node(*id), size)).collect();
    if rows.len() > 1 {
        rows.push(row(Say::new("together"), &sum));
    }
    let mut blocks = vec![Block::Table { headings: vec![Say::new("value"), Say::new("entries")], rows }];
    blocks.push(Block::Say(match bytes {
        true => Say::new("A number takes four bytes (single precision); data and parameters are not counted."),
        false => Say::new("Data and parameters are not counted."),
    }));
    let total = if bytes { sum.times_integer(BYTES) } else { sum };
    count(asking, if bytes { "memory" } else { "activations" }, total);
    let question = match bytes {
        true => Say::new("How many bytes keep the activations on the way to {}?").nodes(of),
        false => Say::new("Count the activations on the way to {}.").nodes(of),
    };
    Ok(Told { title: "What is kept", question, blocks, open: false })
}

fn count(asking: &mut Asking, name: &str, total: Dim) {
    let value = total.as_integer().map(|total| Tensor::scalar(Number::integer(total)));
    let form = dim_node(asking, total);
    let told = match name {
        "macs" => Say::new("{} multiply-accumulates"),
        "flops" => Say::new("{} floating-point operations"),
        "activations" => Say::new("{} activations"),
        "memory" => Say::new("{} bytes"),
        _ => Say::new("{} entries in a side"),
    };
    let part = Part { told: Some(told.node(form)), ..asking.part(name) };
    asking.answer(part, Some(form), value);
}

/// A window on the way: its name, its size over the image's entries, its stride.
struct Layer {
    node: NodeId,
    window: usize,
    stride: usize,
}

fn field(asking: &mut Asking, of: NodeId) -> Result<Told, Vec<Diagnostic>> {
    let layers = layers(&asking.work.model.graph, of);
    if layers.is_empty() {
        return Err(asking.fault("no convolution or pooling with a kernel of known size leads to it", ""));
    }
    let (mut field, mut jump) = (1, 1);
    let mut rows = Vec::new();
    for layer in &layers {
        field += (layer.window - 1) * jump;
        jump *= layer.stride;
        let number = |value: usize| Say::new("{}").formula(Formula::Math(Math::number(value)));
        rows.push(vec![
            Say::new("{}").node(layer.node),
            number(layer.window),
            number(layer.stride),
            number(field),
            number(jump),
        ]);
    }
    let headings = ["layer", "window", "stride", "receptive field", "jump"].map(Say::new).to_vec();
    let blocks = vec![
        Block::Table { headings, rows },
        Block::Say(Say::new(
            "A window of k entries adds (k − 1) times the jump, the distance in the image of two neighbours before it; a stride multiplies the jump.",
        )),
    ];
    count(asking, "receptive_field", Dim::integer(field));
    let question = Say::new("Give the receptive field of an entry of {}.").node(of);
    Ok(Told { title: "Receptive field", question, blocks, open: false })
}

/// The convolutions and poolings that lead to a value, one after the other; the side of rows, or that of columns where there is one row.
fn layers(graph: &Graph, of: NodeId) -> Vec<Layer> {
    let needed = graph.needed(&[of]);
    let symbol = |id: NodeId| {
        graph.ids().find(|other| graph.as_symbol(*other).is_some_and(|symbol| symbol.definition == id)).unwrap_or(id)
    };
    let layer = |id: NodeId| {
        let (op, operands) = graph.as_apply(id)?;
        let shapes: Vec<_> = operands.iter().map(|operand| graph.shape(*operand).clone()).collect();
        let sides = window_sides(op, &shapes);
        // An image of one row has its entries in columns.
        let side = sides.iter().find(|side| !side.image.is_one()).or(sides.first())?;
        let entries = usize::try_from(side.window.as_integer()?).ok()?;
        Some(Layer { node: symbol(id), window: (entries - 1) * side.dilation + 1, stride: side.stride })
    };
    graph.ids().filter(|id| needed[id.place()]).filter_map(layer).collect()
}
