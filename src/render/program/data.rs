//! What a program is run at: sizes for the named dimensions, and how what has no value is drawn.

use super::writer::{Writer, array};
use crate::graph::{Assumption, Leaf, NodeId};
use crate::ops::code::{gather, identifier};
use crate::ops::{Code, Helper};
use crate::shape::DimValues;
use crate::verify::{is_defined, rounds};
use serde::Serialize;

/// A name and its value in Python.
#[derive(Clone, Debug, Serialize)]
pub struct Binding {
    pub name: String,
    pub code: String,
}

/// Something given, or drawn.
#[derive(Clone, Debug, Serialize)]
pub struct LeafView {
    #[serde(flatten)]
    pub binding: Binding,
    pub shape: String,
    pub description: Option<String>,
}

/// How data are drawn.
pub struct Data {
    pub sizes: DimValues,
    /// Of both signs, or positive ones: the model may have no value at others.
    positive: bool,
}

/// Larger models are not tried.
const LARGE: usize = 200_000;

impl Data {
    /// The sizes and the kind of data at which these have values.
    pub fn find(writer: &Writer, wanted: &[NodeId]) -> Data {
        let model = &writer.solution.model;
        let sizes: Vec<DimValues> = rounds(&model.dims).into_iter().flat_map(|round| round.sizes).collect();
        let entries = |sizes: &DimValues| {
            let of = |id: &NodeId| model.graph.shape(*id).size().evaluate(sizes).unwrap_or(0);
            wanted.iter().map(of).sum::<usize>()
        };
        let small = |sizes: &DimValues| entries(sizes) < LARGE;
        let found = sizes.iter().filter(|sizes| small(sizes)).flat_map(|sizes| [(sizes, 0), (sizes, 1)]);
        let found = found.into_iter().find(|(sizes, draw)| is_defined(model, wanted, sizes, *draw));
        match found {
            Some((sizes, draw)) => Data { sizes: sizes.clone(), positive: draw == 1 },
            None => Data { sizes: sizes.into_iter().next().unwrap_or_default(), positive: false },
        }
    }

    /// The sizes as Python has them.
    pub fn bindings(&self, writer: &Writer) -> Vec<Binding> {
        let dims = writer.solution.model.dims.iter();
        let size = |dim: &String| Some(Binding { name: identifier(dim), code: self.sizes.get(dim)?.to_string() });
        dims.filter_map(size).collect()
    }

    /// A leaf's value, or how it is drawn; and the functions for that.
    pub fn leaf(&self, leaf: &Leaf, name: &str, shape: String, helpers: &mut Vec<&'static Helper>) -> LeafView {
        let code = match &leaf.value {
            Some(value) => array(value),
            None => {
                let code = self.drawn(leaf);
                code.helpers().into_iter().for_each(|helper| gather(helper, helpers));
                code.text().to_string()
            }
        };
        let description = leaf.description.as_deref().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        LeafView { binding: Binding { name: name.to_string(), code }, shape, description }
    }

    fn drawn(&self, leaf: &Leaf) -> Code {
        let shape = Code::shape(&leaf.shape);
        if let Some(axis) = leaf.one_hot_axis {
            let said = vec![("axis", axis.to_string())];
            return Code::helped(&ONE_HOT, vec![Code::atom("rng"), shape], said);
        }
        let positive = self.positive || leaf.assumed.contains(&Assumption::Positive);
        let range = if positive { ["0.1", "0.9"] } else { ["-1", "1"] };
        let [low, high] = range.map(Code::atom);
        let drawn = Code::call("rng.uniform", vec![low, high, shape], Vec::new());
        leaf.assumed.iter().fold(drawn, |drawn, assumed| match made(*assumed) {
            Some(helper) => Code::helped(helper, vec![drawn], Vec::new()),
            None => drawn,
        })
    }
}

fn made(assumed: Assumption) -> Option<&'static Helper> {
    match assumed {
        Assumption::Positive => None,
        Assumption::Symmetric => Some(&SYMMETRIC),
        Assumption::Diagonal => Some(&DIAGONAL),
        Assumption::Orthogonal => Some(&ORTHOGONAL),
        Assumption::PositiveDefinite => Some(&POSITIVE_DEFINITE),
        Assumption::RowsSumToOne => Some(&ROWS_SUM_TO_ONE),
    }
}

static ONE_HOT: Helper = Helper {
    name: "one_hot",
    needs: &[],
    source: r#"
def one_hot(rng, shape, axis):
    """One 1 in each line along the axis; each class occurs where there are enough lines."""
    lines = list(shape)
    lines[axis] = 1
    places = np.arange(shape[axis]).reshape([-1 if own == axis else 1 for own in range(len(shape))])
    classes = rng.permutation(np.arange(np.prod(lines)) % shape[axis])
    return 1.0 * (places == classes.reshape(lines))
"#,
};

static SYMMETRIC: Helper = Helper {
    name: "symmetric",
    needs: &[],
    source: r#"
def symmetric(A):
    return (A + A.T) / 2
"#,
};

static DIAGONAL: Helper = Helper {
    name: "diagonal",
    needs: &[],
    source: r#"
def diagonal(A):
    return A * np.eye(len(A))
"#,
};

static ORTHOGONAL: Helper = Helper {
    name: "orthogonal",
    needs: &[],
    source: r#"
def orthogonal(A):
    return np.linalg.qr(A)[0]
"#,
};

static POSITIVE_DEFINITE: Helper = Helper {
    name: "positive_definite",
    needs: &[],
    source: r#"
def positive_definite(A):
    return A.T @ A + np.eye(len(A))
"#,
};

static ROWS_SUM_TO_ONE: Helper = Helper {
    name: "rows_sum_to_one",
    needs: &[],
    source: r#"
def rows_sum_to_one(A):
    A = np.abs(A) + 0.1
    return A / np.sum(A, axis=1, keepdims=True)
"#,
};
