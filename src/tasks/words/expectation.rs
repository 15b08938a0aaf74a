use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "[<compute> |<derive> ](expectation|expected value|mean)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names}[ is| are] (~|with|distributed as)[ ](N|normal|gaussian|Normal|Gaussian)⟨{expression},[ ]{expression}⟩",
            "[<compute> |<derive> ](expectation|expected value|mean)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names}[ has| have| with| of| is| are][ a] mean[ of| =] {operand}[,][ and][ a] variance[ of| =] {expression}",
        ],
        means: Line("expectation of {0} over {1} with mean {2} and variance {3}"),
    },
    Wording {
        said: &[
            "[<compute> |<derive> ](expectation|expected value|mean)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names}[ is| are] (~|with|distributed as)[ ](bernoulli|Bernoulli|Bern|Ber)⟨{expression}⟩",
            "[<compute> |<derive> ](expectation|expected value|mean)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names}[ is| are| with| of]( bernoulli| a bernoulli mask| bernoulli with probability| 1 with probability) {expression}",
        ],
        means: Line("expectation of {0} over {1} bernoulli {2}"),
    },
    Wording {
        said: &[
            "[<compute> |<derive> ](expectation|expected value|mean)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names} with variance {expression}",
            "[<compute> |<derive> ](expectation|expected value|mean)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names} with (mean 0|zero mean) and variance {expression}",
        ],
        means: Line("expectation of {0} over {1} with mean 0 and variance {2}"),
    },
    Wording {
        said: &[
            "[<compute> |<derive> ](variance|var)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names}[ is| are] (~|with|distributed as)[ ](N|normal|gaussian|Normal|Gaussian)⟨{expression},[ ]{expression}⟩",
            "[<compute> |<derive> ](variance|var)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names}[ has| have| with| of| is| are][ a] mean[ of| =] {operand}[,][ and][ a] variance[ of| =] {expression}",
        ],
        means: Line("variance of {0} over {1} with mean {2} and variance {3}"),
    },
    Wording {
        said: &[
            "[<compute> |<derive> ](variance|var)[ of] {line} (over|wrt|with respect to|in|for|where|when) {names} with variance {expression}",
        ],
        means: Line("variance of {0} over {1} with mean 0 and variance {2}"),
    },
    Wording {
        said: &["[<compute> |<derive> ](expectation|expected value)[ of] {line} (over|wrt|with respect to|in|for) {names}"],
        means: Told(
            "an expectation is over something with a mean and a variance, or over a mask",
            &["expectation of {0} over {1} with mean 0 and variance 1", "expectation of {0} over {1} bernoulli 0.5"],
        ),
    },
    Wording {
        said: &["[<compute> |<derive> ](expectation|expected value)[ of] {line}"],
        means: Told(
            "an expectation is over something with a mean and a variance, or over a mask",
            &["expectation of {0} over {param0} with mean 0 and variance 1"],
        ),
    },
    Wording {
        said: &[
            "[<derive> |<compute> |<derive> the ]{quotients} (by|in|using|with|via) forward[ |-]mode[ autodiff| differentiation| automatic differentiation]",
        ],
        means: Told("forward mode starts from one input", &["forward mode of {0} wrt {1}"]),
    },
    Wording {
        said: &[
            "forward[-| ]mode[ autodiff| differentiation| automatic differentiation| derivative[s]] (of|for) {line} (wrt|with respect to|in|from|over) {leaf}",
            "[<derive> ]<gradient>[ of] {line} (wrt|with respect to|in) {leaf} (by|in|using|with|via) forward[-| ]mode[ autodiff| differentiation| automatic differentiation]",
        ],
        means: Line("forward mode of {0} wrt {1}"),
    },
    Wording {
        said: &[
            "(for which|for what|what|which|find all|determine all|find|give)[ values of| learning rates| rates| step sizes| range of][ learning rate| step size] {leaf} (does|do|will|would|is|such that|for which) (gradient descent|descent|gd|the descent)[ on| of| for] {line}[ over| in| wrt| with respect to] {leaf} (converge|converges|be stable|stable)",
        ],
        means: Line("for which {0} does descent of {1} over {2} converge"),
    },
    Wording {
        said: &[
            "(for which|for what|what|which|find all|determine all|find|give)[ values of| learning rates| rates| step sizes| range of][ learning rate| step size] {leaf} (does|do|will|would|is|such that|for which) (gradient descent|descent|gd|the descent)[ on| of| for] {line} (converge|converges|be stable|stable)",
        ],
        means: Line("for which {0} does descent of {1} over {param1} converge"),
    },
    Wording {
        said: &[
            "[find |give |determine |what is ](largest|maximal|maximum|biggest|stable|convergent)[ stable| allowed| possible][ learning rate| step size| rate] {leaf}[ for| of| on| with][ which| gradient descent| descent| gd][ on| of] {line}[ over| in| wrt] {leaf}[ converges]",
        ],
        means: Line("for which {0} does descent of {1} over {2} converge"),
    },
];
