//! A task's part of the document.

use super::accounts::{AccountView, ExhibitView};
use super::gradients::Shown;
use super::{
    DescentView, Equation, FitView, GradientsView, GridView, Maths, MinimumView, PlotView, PointsView, ToldView, Viewer,
};
use crate::answer::{EntryStep, Section, Subject, ValueStep};
use crate::graph::NodeId;
use crate::math::Math;
use crate::model::JacobianLayout;
use crate::ops::window_sides;
use crate::render::notation::dim_text;
use crate::render::{figure, indices};
use crate::second::SecondForm;
use crate::tensor::Tensor;
use serde::Serialize;

/// Each of so many entries of a result is worked out.
const FEW: usize = 4;

/// What the document tells of a task, counted from 1.
#[derive(Clone, Debug, Serialize)]
pub struct SectionView {
    pub task: usize,
    #[serde(flatten)]
    pub body: SectionBody,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SectionBody {
    Values {
        steps: Vec<StepView>,
        points: Option<String>,
        /// The convolutions and poolings drawn.
        grid: Option<GridView>,
    },
    Points {
        points: PointsView,
    },
    Gradients {
        /// The values that the gradients use and that nothing before has shown.
        forward: Vec<StepView>,
        losses: Vec<GradientsView>,
    },
    Graph {
        gradients: bool,
    },
    Shapes {
        steps: Vec<StepView>,
    },
    /// Lines of the model, and their entries.
    Entries {
        lines: Vec<(Equation, Equation)>,
    },
    Count {
        rows: Vec<CountRow>,
        total: Maths,
    },
    Update {
        rate: Maths,
        forward: Vec<StepView>,
        /// Where the gradients come from, unless an earlier task has told.
        losses: Vec<GradientsView>,
        rows: Vec<UpdateRow>,
    },
    /// A Jacobian or Hessian: reverse mode with the cotangent `u` gives `product`, and so the matrix.
    Second {
        /// The derivation entry by entry, where there is one.
        told: Option<ToldView>,
        subject: Maths,
        cotangent: Option<Maths>,
        product: Option<Maths>,
        matrix: Maths,
        scalar: bool,
        /// There is no matrix expression, and its numbers were found column by column.
        numeric: bool,
        shape: Maths,
        /// Which way a Jacobian of vectors lies: the layout's name, and what stands at `i, j`.
        layout: Option<(&'static str, Maths)>,
        /// The entry at `i, j`.
        entry: Option<Maths>,
    },
    /// The gradients, each multiplied by its direction.
    Directional {
        losses: Vec<GradientsView>,
        directions: Vec<Maths>,
    },
    /// Of a kind in `tasks`.
    Told {
        told: ToldView,
    },
    Plot {
        plot: PlotView,
    },
    Descent {
        descent: Box<DescentView>,
    },
    Minimum {
        minimum: Box<MinimumView>,
    },
    Fit {
        fit: Box<FitView>,
    },
}

/// One intermediate value.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    pub number: usize,
    pub name: Maths,
    pub title: &'static str,
    pub definition: Maths,
    /// The definition with numbers put in.
    pub substituted: Option<Maths>,
    pub value: Option<Maths>,
    pub exact: bool,
    /// An asked result.
    pub asked: bool,
    pub shape: Maths,
    /// How each side of a convolution's or pooling's output is computed.
    pub sides: Vec<Maths>,
    pub exhibit: Option<ExhibitView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CountRow {
    pub name: Maths,
    pub shape: Maths,
    pub size: Maths,
}

#[derive(Clone, Debug, Serialize)]
pub struct UpdateRow {
    pub name: Maths,
    pub updated: Option<Maths>,
    pub exact: bool,
    /// A few entries, or the first one: `0.15 − 0.5·0.0004`
    pub working: Vec<AccountView>,
}

impl SectionView {
    /// Whether general rules stand in it.
    pub fn states_rules(&self) -> bool {
        let losses = match &self.body {
            SectionBody::Gradients { losses, .. }
            | SectionBody::Directional { losses, .. }
            | SectionBody::Update { losses, .. } => losses.as_slice(),
            _ => &[],
        };
        losses.iter().any(|loss| !loss.laws.is_empty())
    }
}

impl Viewer<'_> {
    pub(super) fn sections(&self) -> Vec<SectionView> {
        let mut shown = Shown::default();
        let sections = self.solution.sections.iter().enumerate();
        let view = |(place, section)| SectionView { task: place + 1, body: self.body(place + 1, section, &mut shown) };
        sections.map(view).collect()
    }

    fn body(&self, task: usize, section: &Section, shown: &mut Shown) -> SectionBody {
        match section {
            Section::Values { steps } => SectionBody::Values {
                steps: steps
                    .iter()
                    .filter(|step| shown.nodes.insert(step.symbol) || self.is_asked(task, step.symbol))
                    .enumerate()
                    .map(|(place, step)| self.value_step(task, place + 1, step))
                    .collect(),
                points: self.solution.model.tasks[task - 1].points.as_ref().map(ToString::to_string),
                grid: self.grid(task, &steps.iter().map(|step| step.symbol).collect::<Vec<_>>()),
            },
            Section::Points { points } => SectionBody::Points { points: self.points(points, shown) },
            Section::Gradients { gradients, asked, forward } => SectionBody::Gradients {
                forward: self.forward(task, forward, shown),
                losses: gradients
                    .iter()
                    .map(|place| {
                        let gradients = &self.solution.gradients[*place];
                        let own = asked.iter().filter(|derivative| derivative.loss == gradients.loss);
                        let wanted: Vec<NodeId> = own.map(|derivative| derivative.of).collect();
                        self.gradients(task, gradients, &wanted, asked, shown)
                    })
                    .collect(),
            },
            Section::Graph { gradients_of } => SectionBody::Graph { gradients: gradients_of.is_some() },
            Section::Entries { of } => {
                SectionBody::Entries { lines: of.iter().map(|id| (self.equation(*id), self.entries(*id))).collect() }
            }
            Section::Shapes { steps } => SectionBody::Shapes {
                steps: steps.iter().enumerate().map(|(place, symbol)| self.shape_step(place + 1, *symbol)).collect(),
            },
            Section::Count { parameters, total } => SectionBody::Count {
                rows: parameters
                    .iter()
                    .map(|(id, size)| CountRow {
                        name: self.print(*id),
                        shape: self.shape(*id),
                        size: dim_text(size, self.style),
                    })
                    .collect(),
                total: dim_text(total, self.style),
            },
            Section::Update { gradients, parameters, rate, forward } => SectionBody::Update {
                rate: self.print(*rate),
                forward: self.forward(task, forward, shown),
                losses: self.unshown_gradients(task, *gradients, parameters, shown),
                rows: parameters.iter().map(|param| self.update_row(task, *gradients, *param, *rate)).collect(),
            },
            Section::Second { form, subject, steps } => self.second(form, subject, steps),
            Section::Told(told) => SectionBody::Told { told: self.told(told) },
            Section::Plot(plot) => SectionBody::Plot { plot: self.plot(task, plot) },
            Section::Descent(result) => SectionBody::Descent { descent: Box::new(self.descent(result, shown)) },
            Section::Fit(result) => SectionBody::Fit { fit: Box::new(self.fit(result)) },
            Section::Minimum(result) => SectionBody::Minimum { minimum: Box::new(self.minimum(result)) },
            Section::Directional { gradients, wrt, directions } => SectionBody::Directional {
                losses: vec![self.gradients(task, &self.solution.gradients[*gradients], wrt, &[], shown)],
                directions: directions.iter().map(|direction| self.print(*direction)).collect(),
            },
        }
    }

    fn second(&self, form: &SecondForm, subject: &Subject, steps: &[EntryStep]) -> SectionBody {
        let told = self.entrywise(steps);
        let (read_off, graph) = (told.is_none(), self.graph());
        SectionBody::Second {
            subject: self.subject(subject),
            cotangent: read_off.then(|| self.print(form.cotangent)),
            product: read_off.then(|| self.print(form.product)),
            matrix: self.print(form.matrix),
            scalar: graph.as_number(form.cotangent).is_some(),
            numeric: form.numeric,
            shape: self.shape(form.matrix),
            layout: self.layout(subject),
            entry: indices::entry(graph, self.style, form.matrix, ["i", "j"])
                .filter(|_| read_off && !form.numeric && !graph.shape(form.matrix).size().is_one())
                .map(|entry| self.write(&entry)),
            told,
        }
    }

    /// Values on the way to gradients, each the first time.
    fn forward(&self, task: usize, steps: &[ValueStep], shown: &mut Shown) -> Vec<StepView> {
        let new = steps.iter().filter(|step| shown.nodes.insert(step.symbol));
        new.enumerate().map(|(place, step)| self.value_step(task, place + 1, step)).collect()
    }

    /// The steps to the gradients with which parameters are moved; none where all of them were told before.
    fn unshown_gradients(
        &self,
        task: usize,
        gradients: usize,
        parameters: &[NodeId],
        shown: &mut Shown,
    ) -> Vec<GradientsView> {
        let view = self.gradients(task, &self.solution.gradients[gradients], parameters, &[], shown);
        if view.rows.is_empty() { Vec::new() } else { vec![view] }
    }

    fn layout(&self, subject: &Subject) -> Option<(&'static str, Maths)> {
        let Subject::Jacobian { of, wrt, layout } = subject else { return None };
        let (name, i, j) = match layout {
            JacobianLayout::Numerator => ("numerator", "i", "j"),
            JacobianLayout::Denominator => ("denominator", "j", "i"),
        };
        let many = [of, wrt].iter().all(|id| !self.graph().shape(**id).size().is_one());
        let [above, below] = [(of, i), (wrt, j)].map(|(id, at)| self.math(*id).entry(vec![Math::name(at)]).partial());
        many.then(|| (name, self.write(&above.over(below))))
    }

    fn shape_step(&self, number: usize, symbol: NodeId) -> StepView {
        let definition = self.graph().as_symbol(symbol).map(|symbol| symbol.definition);
        let op = definition.and_then(|definition| self.graph().as_apply(definition));
        StepView {
            number,
            name: self.print(symbol),
            title: op.map_or("", |(op, _)| op.reference().title),
            definition: self.definition(symbol),
            substituted: None,
            value: None,
            exact: true,
            asked: false,
            shape: self.shape(symbol),
            sides: self.sides(symbol),
            exhibit: None,
        }
    }

    fn is_asked(&self, task: usize, symbol: NodeId) -> bool {
        let subject = Subject::Value(symbol);
        self.solution.answers.iter().any(|answer| answer.task == task && answer.subject == subject)
    }

    fn value_step(&self, task: usize, number: usize, step: &ValueStep) -> StepView {
        let exhibit = self.exhibit(step);
        let asked = self.is_asked(task, step.symbol);
        // What was told entry by entry needs no matrix.
        let told = match &exhibit {
            Some(ExhibitView::Terms { entries }) => {
                entries.len() == step.value.size() || entries.iter().any(|entry| entry.name == self.print(step.symbol))
            }
            _ => false,
        };
        StepView {
            substituted: self.substituted(step.symbol, &self.solution.values, false),
            value: (asked || !told || step.value.rank() == 0).then(|| self.tensor(&step.value)),
            exact: self.is_exact(&step.value),
            exhibit,
            asked,
            ..self.shape_step(number, step.symbol)
        }
    }

    /// `(6 + 2·0 − 3)/1 + 1 = 4` for each side that a window slides along.
    fn sides(&self, symbol: NodeId) -> Vec<Maths> {
        let Some(definition) = self.graph().as_symbol(symbol).map(|symbol| symbol.definition) else {
            return Vec::new();
        };
        let Some((op, operands)) = self.graph().as_apply(definition) else { return Vec::new() };
        let shapes: Vec<_> = operands.iter().map(|operand| self.graph().shape(*operand).clone()).collect();
        window_sides(op, &shapes).iter().map(|side| self.side(side)).collect()
    }

    fn update_row(&self, task: usize, gradients: usize, param: NodeId, rate: NodeId) -> UpdateRow {
        let gradients = &self.solution.gradients[gradients];
        let gradient = gradients.of.get(&param).and_then(|gradient| self.solution.values.get(*gradient));
        let updated = self
            .solution
            .answers
            .iter()
            .find(|answer| answer.task == task && answer.subject == Subject::Updated(param));
        let form = updated.and_then(|answer| answer.expanded.or(answer.form));
        let updated = updated.and_then(|answer| answer.value.as_ref());
        let value = self.solution.values.get(param);
        let rate = match self.graph().as_number(rate) {
            Some(rate) => Some(rate),
            None => self.solution.values.get(rate).map(Tensor::first),
        };
        let moved = value.zip(gradient).zip(updated).zip(rate);
        UpdateRow {
            working: moved.map_or_else(Vec::new, |(((value, gradient), updated), rate)| {
                let shown = if updated.size() <= FEW { updated.size() } else { 1 };
                let entries = crate::tensor::indices(updated.extents()).take(shown);
                let row = |entry: Vec<usize>| {
                    let [before, slope, after] = [value, gradient, updated].map(|tensor| tensor.at(&entry));
                    let step = Math::Dotted(vec![self.number_math(rate), self.number_math(slope)]);
                    AccountView {
                        name: self.entry_name(param, &entry),
                        chain: vec![self.write(&self.number_math(before).minus(step)), self.number(after)],
                        exact: figure::is_shown_exactly(after),
                        remark: None,
                    }
                };
                entries.map(row).collect()
            }),
            name: self.print(param),
            updated: updated.map(|value| self.tensor(value)).or_else(|| form.map(|form| self.print(form))),
            exact: updated.is_some_and(|value| self.is_exact(value)),
        }
    }
}
