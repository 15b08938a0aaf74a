//! `entry_gradient(A, dv, at = (1, 2))`: an entry's gradient at its place, zeros around it.

use super::entry::ENTRY;
use super::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryGradient {
    /// The entry that was taken.
    pub entry: Entry,
}

static AT_ENTRY: Helper = Helper {
    name: "entry_gradient",
    needs: &[],
    source: r#"
def entry_gradient(A, dv, at):
    """Zeros in the shape of A, with dv at one entry."""
    dA = np.zeros(A.shape)
    dA[at] = dv
    return dA
"#,
};

impl Operator for EntryGradient {
    const REFERENCE: Reference = Reference {
        name: "entry_gradient",
        aliases: &[],
        signature: "entry_gradient(A, dv, at = (i, j))",
        summary: "gradient of `A[i, j]`: `dv` at that place, 0 elsewhere",
        definition: Maths {
            latex: r"\frac{\partial L}{\partial A_{kl}}=\begin{cases}\delta_v&kl=ij\cr 0&\text{otherwise}\end{cases}",
            text: "∂L/∂Aₖₗ = δv if kl = ij, else 0",
        },
        conventions: &["rows and columns are counted from 1", "of `A` only the size counts"],
        call: Some((2, 2)),
        letters: &["A", "g", "V"],
        title: "",
        acts: Acts::Whole,
        is_total: false,
        weighs: false,
    };

    fn build(options: &mut Options) -> Result<EntryGradient, OptionError> {
        Ok(EntryGradient { entry: Entry::build(options)? })
    }

    fn options(&self) -> Vec<(&'static str, String)> {
        self.entry.option()
    }

    fn shape(&self, operands: &[Shape]) -> Result<Shape, ShapeError> {
        let result = self.entry.shape(&operands[..1])?;
        like::expect("entry_gradient", "A[i, j]", &result, &operands[1])?;
        Ok(operands[0].clone())
    }

    fn evaluate<S: Scalar>(&self, operands: &[&Tensor<S>]) -> Result<Tensor<S>, ValueError> {
        let place = self.entry.place(operands[0].extents())?;
        let here = |index: &[usize]| if *index == *place { operands[1].first().clone() } else { S::zero() };
        Ok(Tensor::from_fn(operands[0].extents(), here))
    }

    fn gradient(&self, _: &[Shape]) -> Vec<Rule> {
        vec![like::size_only(), Rule { term: Term::Upstream.under(self.entry.clone()), law: &ENTRY }]
    }

    form::fused_with_nothing!();

    form::called_by_name!();

    form::nothing_else_possible!();

    fn notation(&self, operands: Vec<Math>) -> Math {
        let [_, entry] = form::two(operands);
        let unit = Math::Glyph(Glyph::Unit).entry(self.entry.index.iter().map(Math::number).collect());
        if entry == Math::number(1) { unit } else { entry.times(unit) }
    }

    fn code(&self, operands: Vec<Code>, _: &[Shape]) -> Code {
        let place = self.entry.index.iter().map(|place| (place - 1).to_string()).collect::<Vec<_>>().join(", ");
        Code::helped(&AT_ENTRY, operands, vec![("at", format!("({place})"))])
    }

    fn exhibit(&self) -> Exhibit {
        Exhibit::Value
    }

    fn account<S: Scalar>(&self, operands: &[&Tensor<S>], entry: &[usize]) -> Account<S> {
        match self.entry.place(operands[0].extents()) {
            Ok(place) if place == entry => Account::Moved { operand: 1, from: Vec::new() },
            Ok(_) | Err(_) => Account::Terms(Vec::new()),
        }
    }

    fn mistakes(&self, _: &[Shape]) -> Vec<Mistake> {
        Vec::new()
    }
}
