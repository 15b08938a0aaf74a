//! `plot` tasks.

use super::{place, target};
use crate::syntax::ast::{PlotLearned, PlotRange, PlotRequest, Plotted, Spanned};
use crate::syntax::build::Builder;
use crate::syntax::expression::expression;
use crate::syntax::grammar::Rule;
use pest::iterators::Pair;

/// `L over a from 6 to 13 with descent`
pub fn plot(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> PlotRequest {
    let mut request = PlotRequest {
        of: Vec::new(),
        over: Vec::new(),
        with: Vec::new(),
        descent: None,
        at: Vec::new(),
        degrees: None,
        learned: None,
    };
    for part in pair.into_inner() {
        let span = builder.span(&part);
        match part.as_rule() {
            Rule::Name => request.of.push(Plotted::Name(builder.name(&part))),
            Rule::PlotNorm => {
                let names = part.into_inner().map(|name| builder.name(&name)).collect();
                request.of.push(Plotted::Norm { names, span });
            }
            Rule::PlotRange => request.over.push(range(builder, part)),
            Rule::PlotWith => {
                for inner in part.into_inner() {
                    match inner.as_rule() {
                        Rule::WithFit => request.learned = Some(Spanned { value: PlotLearned::Fit, span }),
                        Rule::WithDescent => request.descent = Some(builder.spanned(&inner)),
                        _ => request.with.push(builder.name(&inner)),
                    }
                }
            }
            Rule::PlotDegrees => request.degrees = Some(builder.spanned(&part)),
            Rule::AfterDescent => request.learned = Some(Spanned { value: PlotLearned::Descent, span }),
            Rule::AtMinimum => request.learned = Some(Spanned { value: PlotLearned::Minimum, span }),
            // The steps are at the horizontal axis: nothing else is.
            Rule::PlotPer => {}
            _ => place(builder, part, &mut request.at),
        }
    }
    request
}

/// `a from 6 to 13`
fn range(builder: &Builder<'_>, pair: Pair<'_, Rule>) -> PlotRange {
    let span = builder.span(&pair);
    let mut inner = pair.into_inner();
    let target = inner.next().map(|name| target(builder, name)).expect("a range begins with its name");
    let mut bound = || inner.next().map(|bound| expression(builder, bound));
    let bounds = bound().zip(bound());
    PlotRange { target, bounds, span }
}
