use crate::syntax::Means::Line;
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &[
            "fit[ a][ straight] line to {name},[ ]{name}",
            "fit[ a][ straight] line to ⟨{name},[ ]{name}⟩",
            "[do |run |perform ]linear regression on {name},[ ]{name}",
        ],
        means: Line("fit {1} over {0} by linear"),
    },
    Wording {
        said: &[
            "regress {name} (on|over|against) {name}",
            "fit {name} (as a linear function of|linearly in) {name}",
            "[do |run |perform ]linear regression of {name} on {name}",
            "fit {name} (on|over|against) {name} (with|by)[ a][ straight] line",
            "fit {name} = (a|m|w)*{name} + (b|c)",
        ],
        means: Line("fit {0} over {1} by linear"),
    },
    Wording {
        said: &[
            "fit {name} (on|over|against) {name} (with|by)[ a] polynomial of degree {number}",
            "fit {name} (on|over|against) {name} (with|by)[ a] degree[-| ]{number} polynomial",
            "polynomial regression of {name} on {name} of degree {number}",
        ],
        means: Line("fit {0} over {1} by polynomial degree {2}"),
    },
];
