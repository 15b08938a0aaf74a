<#- The key as a program: layout only, every expression comes written. -#>

<%- component assign(at, values) %>run(<< values >><% for own in at %>, << own.name >>=<< own.code | safe >><% endfor %>)<% endcomponent -%>

<%- component along(along, values) %>lambda << along.variable >>: call(<< along.function >>, << values >> | {"<< along.variable >>": << along.variable >>})["<< along.of >>"]<% endcomponent -%>

<%- component define(function) %>
def << function.name >>(<< function.arguments | join(sep=", ") >>):
<%- endcomponent -%>

<%- component body(function) %>
<%- for line in function.lines %>
    << line.name >> = << line.code | safe >><% if line.shape %>  # << line.shape >><% endif -%>
<% endfor %>
    return locals()
<% endcomponent -%>

<%- component reason(check) -%>
<% if check.reason == "drawn" %>a picture: see the key<% elif check.reason == "words" %>a person reads the answer<% elif check.reason == "statement" %>a statement about all data: see the key<% elif check.reason == "doubles" %>doubles do not reach the key's number<% elif check.reason == "large" %>too much to be repeated here: see the key<% elif check.reason == "missing" %>some entries have no value: see the key<% endif -%>
<% endcomponent -%>

<%- component batch_functions(batches) -%>
<% for part in batches.functions %>
<< <define function={part[1]}/> | safe >>
    """The model and its gradients for << part[0] >> of the examples."""
<< <body function={part[1]}/> | trim(pat="\n") | safe >>

<% endfor %>
<%- endcomponent -%>

<%- component descent(task, check) %>
    place, memory, made = values | arrays(<% for own in check.start %><< own.name >>=<< own.code | safe >><% if not loop.last %>, <% endif %><% endfor %>), {}, 0
    rates = << check.rates | safe >>
<%- if check.batches and check.batches.rows %>
    batches = << check.batches.rows | safe >>  # as the key shuffles them
<%- elif check.batches %>
    batches = [list(range(first, min(first + << check.batches.size >>, << check.batches.count >>))) for first in range(0, << check.batches.count >>, << check.batches.size >>)]
<%- endif %>
    while made < << check.steps >>:
<%- if check.below %>
        here = run(place)
        if <% if check.batches %>made * << check.batches.size >> % << check.batches.count >> == 0 and <% endif %>norm(<% for name in check.below[0] %>here["<< name >>"]<% if not loop.last %>, <% endif %><% endfor %>) < << check.below[1] >>:
            break
<%- endif %>
<%- if check.made < check.steps %>
        if made == << check.made >>:
            break
<%- endif %>
<%- if check.batches %>
        rows = batches[made % len(batches)]
        here = values | place | {<% for name in check.batches.examples %>"<< name >>": place["<< name >>"][rows]<% if not loop.last %>, <% endif %><% endfor %>}
<%- for part in check.batches.functions %>
        if len(rows) == << part[0] >>:
            found = call(<< part[1].name >>, here)
            slopes = {<% for pair in check.params %>"<< pair[1] >>": found["<< part[2] | nth(n=loop.index0) >>"]<% if not loop.last %>, <% endif %><% endfor %>}
<%- endfor %>
<%- elif not check.below %>
        here = run(place)
<%- endif %>
        rate, made = rates[min(made, len(rates) - 1)], made + 1
        for name, slope in [<% for pair in check.params %>("<< pair[0] >>", "<< pair[1] >>")<% if not loop.last %>, <% endif %><% endfor %>]:
<%- if check.batches %>
            gradient = slopes[slope]
<%- else %>
            gradient = here[slope]
<%- endif %>
<%- if check.decay %>
            gradient = gradient + << check.decay | safe >> * here[name]
<%- endif %>
            first, second = memory.get(name, (0.0, 0.0))
            place[name], *memory[name] = << check.method >>(place[name], gradient, rate, first, second, made<% for own in check.constants %>, << own | safe >><% endfor %>)
    agree("steps", made, << check.made >>)
<%- for own in check.ends %>
    agree("<< own.name >>", place["<< own.name >>"], << own.code | safe >>)
<%- endfor %>
<% endcomponent -%>

<%- component fit(check) %>
    # << check.family >>
    x, y = << check.x >>.reshape(-1), << check.y >>.reshape(-1)
    design = np.stack([<< check.columns | join(sep=", ") | safe >>], axis=1)
    learnt = [row for row in range(len(x)) if row not in << check.held_out >>]
    coefficients = np.linalg.lstsq(design[learnt], y[learnt], rcond=None)[0]
    agree(<< check.name | safe >>, design @ coefficients, design @ np.array(<< check.coefficients | safe >>))
    residuals = (design @ coefficients - y) ** 2
    agree("training", np.mean(residuals[learnt]), << check.training | safe >>)
<%- if check.on_held_out %>
    agree("held out", np.mean(residuals[<< check.held_out >>]), << check.on_held_out | safe >>)
<%- endif %>
<% endcomponent -%>

<%- component check(task, check, values) %>
<%- if check.kind == "agree" %>
    agree(<< check.name | safe >>, << check.code | safe >>, << check.expected | safe >>)
<%- elif check.kind == "holds" %>
    holds(<< check.name | safe >>, << check.left | safe >> << check.sign | safe >> << check.right | safe >>)
<%- elif check.kind == "slope" %>
    agree_slope(<< check.name | safe >>, << check.code | safe >>, << <along along={check.along} values/> | safe >>, << check.along.variable >>)
<%- elif check.kind == "jacobian" %>
    agree(<< check.name | safe >>, << check.code | safe >>, slopes(<< <along along={check.along} values/> | safe >>, << check.along.variable >>)<< check.turned | safe >>, 1e-5)
<%- elif check.kind == "hessian" %>
    agree(<< check.name | safe >>, << check.code | safe >>, slopes(lambda << check.variable >>: run(<< values >>, << check.variable >>=<< check.variable >>)["<< check.gradient >>"], << check.variable >>)<< check.turned | safe >>, 1e-5)
<%- elif check.kind == "directional" %>
    agree(<< check.name | safe >>, << check.code | safe >>, along(lambda h: run(<< values >><% for own in check.moved %>, << own.name >>=<< own.code >><% endfor %>)["<< check.of >>"]), 1e-5)
<%- elif check.kind == "descent" -%>
<< <descent task check/> | trim_end | safe >>
<%- elif check.kind == "fit" -%>
<< <fit check/> | trim_end | safe >>
<%- elif check.kind == "remark" %>
    # <% if check.name %><< check.name | safe >>: <% endif %><< <reason check/> >>
<%- endif %>
<%- endcomponent -%>

"""<< head | safe >>

The key as a program: what is given, the model, and the gradients from the loss back, each line with its shape. When it is
run it checks every answer of the key, its gradients by finite differences.
"""
<% for line in wording %>
# << line | safe >>
<%- endfor %>
<% for line in notes %>
# << line | safe >>
<%- endfor %>

import inspect
<%- if math %>
import math
<%- endif %>

import numpy as np

<% if sizes %>
# Sizes; any others do.
<%- for own in sizes %>
<< own.name >> = << own.code >>
<%- endfor %>
<% endif %>

<% for helper in helpers %>
<< helper | safe >>

<% endfor %>
def given(<% if drawn %>rng<% endif %>):
    """What is given<% if drawn %>; what has no numbers is drawn<% endif %>."""
    return arrays(
<%- for leaf in given %>
        << leaf.name >>=<< leaf.code | safe >>,<% if leaf.shape or leaf.description %>  #<% if leaf.shape %> << leaf.shape >><% endif %><% if leaf.description %><% if leaf.shape %>:<% endif %> << leaf.description | safe >><% endif %><% endif %>
<%- endfor %>
    )

<< <define function={forward}/> | safe >>
    """The model, line by line."""
<< <body function={forward}/> | trim(pat="\n") | safe >>

<% for function in backward %>
<< <define function/> | safe >>
    """The gradients of << function.of >>, from there back."""
<< <body function/> | trim(pat="\n") | safe >>

<% endfor %>
<% for function in parts %>
<< <define function/> | safe >>
    """The lines of the model from a value on to << function.of >>."""
<< <body function/> | trim(pat="\n") | safe >>

<% endfor %>
def arrays(**values):
    return {name: np.asarray(value, dtype=float) for name, value in values.items()}

def call(function, values):
    """A function with those of the values that it names."""
    return function(**{name: values[name] for name in inspect.signature(function).parameters})

def run(values, **changed):
    """Everything, forward and back, with some of the values changed."""
    values = values | arrays(**changed)
    for function in [forward<% for function in backward %>, << function.name >><% endfor %>]:
        values = values | call(function, values)
    return values

<% if "pick" in uses %>
def pick(values, names):
    return [values[name] for name in names.split()]

<% endif %>
checks = 0

class NoValue(Exception):
    """Something is not defined at these data."""

def agree(name, value, expected, tolerance=1e-6):
    """The same shape, and entries that are equal up to rounding; where the key has no number nothing is compared."""
    global checks
    value, expected = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)
    assert value.shape == expected.shape, f"{name} has the shape {value.shape}, and should have {expected.shape}"
    known = ~np.isnan(expected)
    if not np.all(np.isfinite(value[known])):
        raise NoValue(name)
    size = np.max(np.abs(expected[known]), initial=1e-9)
    error = np.max(np.abs(value - expected)[known], initial=0.0) / size
    assert error < tolerance, f"{name} is\n{value}\nand should be\n{expected}"
    checks += 1

<% if "holds" in uses %>
def holds(name, statement):
    global checks
    assert np.all(statement), f"{name} does not hold"
    checks += 1

<% endif %>
<% if "slope" in uses %>
def agree_slope(name, gradient, function, x):
    """A gradient by finite differences: each entry is the slope of the function, at a kink between those on both sides."""
    global checks
    assert np.shape(gradient) == np.shape(x), f"{name} has the shape {np.shape(gradient)}, and should have {np.shape(x)}"
    gradient, here = np.asarray(gradient), float(np.sum(function(x)))
    if not np.isfinite(here):
        raise NoValue(name)
    places = list(np.ndindex(np.shape(x)))
    for place in places[:: 1 + len(places) // 40]:
        h = 1e-6 * max(1.0, abs(x[place]))
        step = np.zeros(np.shape(x))
        step[place] = h
        sides = (np.sum(function(x + step)) - here) / h, (here - np.sum(function(x - step))) / h
        room = 1e-5 * np.max(np.abs(gradient)) + 1e-7 * max(1e-3, abs(here)) + 1e-3 * abs(sides[0] - sides[1])
        right = min(sides) - room <= gradient[place] <= max(sides) + room
        assert right, f"{name} has {gradient[place]} at {place}, and the slopes there are {sides}"
    checks += 1

<% endif %>
<% if "slopes" in uses %>
def slopes(function, x):
    """A row for each entry of the function, a column for each entry of x, by finite differences."""
    columns = []
    for place in np.ndindex(np.shape(x)):
        step = np.zeros(np.shape(x))
        step[place] = h = 1e-5 * max(1.0, abs(x[place]))
        columns.append(np.ravel(function(x + step) - function(x - step)) / (2 * h))
    return np.stack(columns, axis=1)

<% endif %>
<% if "along" in uses %>
def along(function, h=1e-5):
    """The slope at h = 0."""
    return (function(h) - function(-h)) / (2 * h)

<% endif %>
<% if methods %>
def norm(*gradients):
    return np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))

<% endif %>
<% if "plain" in methods %>
def plain(w, g, rate, first, second, step):
    return w - rate * g, first, second

<% endif %>
<% if "momentum" in methods %>
def momentum(w, g, rate, first, second, step, beta):
    first = beta * first + g
    return w - rate * first, first, second

<% endif %>
<% if "nesterov" in methods %>
def nesterov(w, g, rate, first, second, step, beta):
    first = beta * first + g
    return w - rate * (g + beta * first), first, second

<% endif %>
<% if "rmsprop" in methods %>
def rmsprop(w, g, rate, first, second, step, decay, epsilon):
    second = decay * second + (1 - decay) * g**2
    return w - rate * g / (np.sqrt(second) + epsilon), first, second

<% endif %>
<% if "adam" in methods %>
def adam(w, g, rate, first, second, step, beta1, beta2, epsilon):
    first = beta1 * first + (1 - beta1) * g
    second = beta2 * second + (1 - beta2) * g**2
    return w - rate * (first / (1 - beta1**step)) / (np.sqrt(second / (1 - beta2**step)) + epsilon), first, second

<% endif %>
<% if torch %>
def autograd(values, loss, leaves):
    """The gradients of the same model by PyTorch's autograd."""
    import torch

    torch.set_default_dtype(torch.float64)
<% for helper in torch.helpers %>
<< helper | safe >>

<% endfor %>
    def forward(<< torch.forward.arguments | join(sep=", ") >>):
<%- for line in torch.forward.lines %>
        << line.name >> = << line.code | safe >>
<%- endfor %>
        return locals()

    names = list(inspect.signature(forward).parameters)
    tensors = [torch.tensor(values[name]) for name in names]
    places = tuple(names.index(leaf) for leaf in leaves)
    gradients = torch.func.grad(lambda *tensors: forward(*tensors)[loss].sum(), places)(*tensors)
    return [np.asarray(gradient) for gradient in gradients]

<% endif %>
<% for task in tasks %>
<% for group in task.groups %><% for check in group.checks %><% if check.batches %>
<< <batch_functions batches={check.batches}/> | safe >>
<% endif %><% endfor %><% endfor %>
<% if task.checked %>
def task_<< task.number >>(values):
    # <% if task.asked %><< task.asked | safe >><% else %>the other gradients of the program<% endif %>
<%- for group in task.groups %>
<%- set values = "values" %>
<%- if group.at %>
<%- set values = "at" %>
<%- if group.before %>
    << group.before | join(sep=", ") >><% if (group.before | length) == 1 %>,<% endif %> = pick(values, "<< group.before | join(sep=" ") >>")
<%- endif %>
    at = << <assign at={group.at} values="values"/> | safe >>
<%- endif %>
<%- if group.picks %>
    << group.picks | join(sep=", ") >><% if (group.picks | length) == 1 %>,<% endif %> = pick(<< values >>, "<< group.picks | join(sep=" ") >>")
<%- endif %>
<%- for check in group.checks -%>
<< <check task check values/> | safe >>
<%- endfor %>
<%- endfor %>

<% else %>
# << task.asked | safe >>
<%- for group in task.groups %>
<%- for check in group.checks %>
#     <% if check.name %><< check.name | safe >>: <% endif %><< <reason check/> >>
<%- endfor %>
<%- endfor %>

<% endif %>
<% endfor %>
def check(values):
    """Every answer of the key."""
<%- for task in tasks %>
<%- if task.checked %>
    task_<< task.number >>(values)
<%- endif %>
<%- endfor %>
<%- if torch %>
<%- for own in torch.losses %>
    for name, gradient in zip(<< own.gradients | safe >>, autograd(values, "<< own.loss >>", << own.leaves | safe >>)):
        agree(f"{name} by autograd", values[name], gradient)
<%- endfor %>
<%- endif %>

@np.errstate(all="ignore")
def main():
<%- if drawn %>
    tried = 0
    for seed in range(200):
        try:
            check(run(given(np.random.default_rng(seed))))
            tried += 1
        except NoValue:
            pass  # other data are drawn
        if tried == << tries >>:
            break
    assert tried > 0, "no data were found at which everything has a value"
<%- else %>
    check(run(given()))
<%- endif %>
    print(<< printed | safe >>, checks, "checks agree")

if __name__ == "__main__":
    main()
