"""Write the glossary and the index of questions: `python tools/glossary.py`.

Both lead to sections of the notebooks. Where a term is explained, a notebook sets it in bold or
italics; where a question is answered, it says certain words. This script looks for these, so it
knows no notebook by name: after a renaming, or when a section moves, it is run again. It refuses
what it does not find. `tests/course/test_docs.py` holds the pages to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote

from run_notebooks import ROOT, all_notebooks, read

MARKED = re.compile(r"\*\*(.+?)\*\*|(?<![*\w])\*([^*\n]+?)\*(?!\*)", re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
NOT_EXPLAINED = re.compile(r"\*\*Try this\*\*|\*\*Time:\*\*|^## What you can now say")
GLOSSARY, QUESTIONS = ROOT / "docs" / "glossary.md", ROOT / "docs" / "questions.md"
MADE = "This page is made by `python tools/glossary.py` from the notebooks."


@dataclass(frozen=True)
class Term:
    """A word of the course, what it means, and how others call it.

    `marked` is what the notebook that explains it sets in bold or italics, if not the word itself.
    """

    word: str
    meaning: str
    elsewhere: str = ""
    marked: str = ""


@dataclass(frozen=True)
class Question:
    """A question as a learner asks it, and words that stand in the sections which answer it."""

    asked: str
    answered: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Section:
    """A piece of a notebook's text, with the nearest heading above it."""

    notebook: str
    heading: str
    text: str

    @property
    def link(self) -> str:
        """A link to the heading, as JupyterLab and GitHub name it: spaces become hyphens."""
        anchor = quote(self.heading.replace("`", "").replace(" ", "-"), safe="-.,:;?!'()/=+*&@")
        number, shown = self.notebook[:2], self.heading.replace("`", "")
        return f"[{number}: {shown}](../notebooks/{self.notebook}.ipynb#{anchor})"


TERMS = (
    Term("accuracy", "the share of right answers", marked="accuracy"),
    Term("activation, $a$", "what a neuron passes on: $\\varphi(z)$", "output", "activation"),
    Term("Adam", "an optimizer with a running mean of the gradients and of their squares"),
    Term("adversarial example", "an input changed a little, in the direction that the backward "
         "pass points out, until the answer is wrong", marked="adversarial examples"),
    Term("backpropagation", "all gradients of one loss in one pass from the end to the start",
         "reverse mode"),
    Term("backward pass", "from the loss to the inputs, layer by layer: every gradient on the way",
         "`loss.backward()`"),
    Term("batch", "examples that go through the network together, one row each"),
    Term("batch normalisation", "shifts and stretches each column so that it has mean 0 and spread "
         "1 over the batch", "batch norm", "Batch normalisation"),
    Term("bias, $b$", "the number that a neuron adds to its sum of products", marked="bias"),
    Term("blame, $\\delta$", "how fast the loss moves with a neuron's $z$: a sensitivity, not a "
         "share of the loss", "error signal, local error, delta", "blame of a neuron"),
    Term("blame handed to a neuron, $dA$", "how fast the loss moves with what a neuron passes on",
         "upstream gradient", "blame handed to it"),
    Term("broadcasting", "NumPy repeats a smaller array to fit a larger one; going back, its "
         "gradient is added up", marked="broadcasts"),
    Term("central difference", "the loss a nudge above minus the loss a nudge below, over twice "
         "the nudge", "numerical gradient"),
    Term("chain rule", "slopes that follow one another are multiplied; paths that meet are added"),
    Term("checkpoint", "an activation that is kept so that the others can be made again",
         "activation checkpointing, gradient checkpointing"),
    Term("clipping", "cutting a gradient that is too long to a limit", marked="Clipping."),
    Term("composite function", "functions inside one another, as the layers of a network are"),
    Term("confusion matrix", "a table that counts which class was taken for which"),
    Term("contribution of a weight", "its gradient: how fast the loss moves when it does, not a "
         "slice of the loss", marked="contribution"),
    Term("cosine", "how well the directions of two gradients agree: 1 the same, −1 opposite"),
    Term("cross-entropy", "minus the logarithm of the probability given to the right answer",
         "log loss"),
    Term("dead neuron", "a ReLU neuron that is off for every example, and stops learning",
         marked="Dead neurons."),
    Term("dropout", "leaving out some neurons at random while training"),
    Term("epoch", "going through all training examples once"),
    Term("error", "what an output says minus what it should say, $a - y$",
         "residual, with the other sign"),
    Term("error signal", "what goes back through the network: the blame of its neurons",
         "error term"),
    Term("exploding gradients", "blame that grows by a factor in every layer, going back"),
    Term("forward mode", "how fast everything moves with one parameter, worked out on the way "
         "forward: one pass for each parameter", "Jacobian-vector product"),
    Term("forward pass", "from the inputs to the loss, layer by layer", "forward propagation"),
    Term("gradient", "how fast the loss moves when a number moves; `dW` has the shape of `W`",
         "derivative, `W.grad`"),
    Term("gradient descent", "every parameter moves against its gradient, by the learning rate "
         "times the gradient", "steepest descent"),
    Term("held out", "kept away from training, to test with", "test set, validation set"),
    Term("hidden layer", "a layer whose values are neither inputs nor outputs", marked="hidden"),
    Term("kink", "a point where a slope jumps, as that of ReLU does at 0"),
    Term("learning rate, $\\eta$", "how far a step goes: the parameter moves by $\\eta$ times its "
         "gradient", "step size", "learning rate"),
    Term("loss, $L$", "one number for how wrong the answers are", "cost, objective", "loss"),
    Term("mini-batch", "a handful of examples that one step is made from", marked="mini-batches"),
    Term("optimizer", "a rule that turns gradients into steps"),
    Term("momentum", "an optimizer that keeps a part of its earlier steps", marked="Momentum"),
    Term("neuron", "multiplies what comes in, adds up, adds its bias, bends the sum", "unit"),
    Term("nudge, $h$", "a small change made in order to measure", "perturbation, epsilon", "nudge"),
    Term("one-hot", "a target with a 1 for the right class and 0 for the others"),
    Term("parameters", "the weights and biases of a network together"),
    Term("pre-activation, $z$", "a neuron's sum of products and bias, before it is bent",
         "logit, for an output", "pre-activation"),
    Term("ratio", "how the lengths of two gradients compare"),
    Term("relative error", "how far apart two numbers are, as a share of their size"),
    Term("ring", "machines in a circle: each passes pieces of its gradient on to its neighbour, "
         "until all have the sum", "ring all-reduce"),
    Term("ReLU", "passes on $z$ where it is positive, and 0 elsewhere"),
    Term("rounding error", "what a difference loses because numbers have few digits"),
    Term("saturated", "where the curve of an activation is nearly flat"),
    Term("scale of the start", "$\\sqrt n$ times the spread of the first weights", marked="scale"),
    Term("sensitivity", "how many times as far one number moves as another"),
    Term("sigmoid, $\\varphi$", "bends any number into one between 0 and 1", "logistic function",
         "sigmoid"),
    Term("skip connection", "a path around a layer: $Y = X + F(X)$", "residual connection",
         "A skip connection"),
    Term("slope", "if the input moves a little, how many times as far the output moves",
         "derivative, local gradient"),
    Term("softmax", "turns the outputs into probabilities that add up to 1"),
    Term("squared error", "half the squares of the errors, added over the outputs, a mean over "
         "the examples", "MSE, up to a factor"),
    Term("standardised", "minus the mean, divided by the standard deviation"),
    Term("stochastic gradient descent", "gradient descent with one example or a mini-batch a step, "
         "in random order", "`SGD`", "Stochastic gradient descent"),
    Term("target, $y$", "what an output should have said", "label", "target"),
    Term("tolerance", "up to which relative error two gradients agree"),
    Term("topological order", "every number after all those it feeds, when blame goes back",
         marked="Topological order"),
    Term("truncation error", "what a difference misses because the loss bends"),
    Term("update", "every parameter moves against its gradient", "step"),
    Term("upstream gradient", "the blame of what came out, as a layer or an operation gets it "
         "going back", "`grad_output`"),
    Term("vanishing gradients", "blame that shrinks by a factor in every layer, going back"),
    Term("worker", "a process, here or elsewhere, that computes with its part of the data",
         "replica, rank", "workers"),
    Term("weighted mean", "a mean in which each part counts by its share of the examples",
         marked="weighted mean"),
    Term("weight, $w$", "the number that one input of a neuron is multiplied by", marked="weight"),
    Term("Xavier and He", "two starts that keep the size of what goes through a layer",
         "Glorot and Kaiming", "Xavier and He."),
)  # fmt: skip

TOPICS: dict[str, tuple[Question, ...]] = {
    "The idea": (
        Question("What is a gradient?", ("**gradient**: how fast the loss moves", "**slope**, ")),
        Question("Why multiply along a chain?", ("$\\Delta v$ cancels",)),
        Question("Why add where paths meet?", ("shares **add up**",)),
        Question("Why is the whole thing called efficient?", ("blame is computed once",)),
        Question("What is an error signal?", ("the network's **error signal**",)),
        Question("Is blame a share of the error?", ("It is not a slice of the loss",)),
        Question("What happens when a number is used twice?", ("$x$ is used twice",)),
    ),
    "Forward": (
        Question("Why does a neuron bend its sum at all?", ("Why bend at all?",)),
        Question("Why are rows the examples?", ("the first size all the way through",)),
        Question("What must be remembered for the backward pass?", ("came in through you?*",)),
        Question("Why does a wrong shape sometimes raise no error?", ("An error would have been",)),
    ),
    "The error": (
        Question("What is the ½ in the loss for?", ("that is all it is for",)),
        Question("Why not add up the errors?", ("Squares have no sign",)),
        Question("Why does a confident wrong answer learn slowly?", ("The worse answer gets",)),
        Question("Why cross-entropy for classes?", ("one good reason",)),
        Question(
            "Why is it p − y?", ("slope of each of the two terms", "Nearly everything cancels")
        ),
        Question("Where does the 1/N belong, and how often?", ("the $1/N$ too, and so does",)),
        Question("What must a loss be like for all this to work?", ("two things for granted",)),
    ),
    "Backward": (
        Question("Why is W transposed in the backward pass?", ("at the end of the path",)),
        Question("Why is A transposed in dW?", ("**what came in, times the blame of the neuron",)),
        Question("Why is db a sum over the examples?", ("A bias always has 1 coming in.",)),
        Question("How does it work for any depth?", ("The whole backward pass is four equations",)),
        Question("What about ReLU at exactly 0?", ("At exactly 0 it has a kink",)),
        Question("What is the gradient of the input good for?", ("which measurement would",)),
        Question("Why is the notation elsewhere transposed?", ("of this page, transposed",)),
    ),
    "Learning": (
        Question("Why against the gradient?", ("every parameter moves *against* its gradient",)),
        Question("How large may a learning rate be?", ("How long can a step be?",)),
        Question("Why does the update come last?", ("Why does the update come last?",)),
        Question("All examples, one, or a mini-batch?", ("there are three ways to do it",)),
        Question("What do momentum and Adam do?", ("usually 0.9) of it",)),
        Question("Why does the loss on unseen examples rise?", ("Once it starts learning",)),
        Question("Does it need hidden layers that learn?", ("what the handed-back blame buys",)),
    ),
    "Is it right?": (
        Question("How do I check a gradient?", ("The third is the **central difference**",)),
        Question("How large should the nudge be?", ("You can predict the best nudge",)),
        Question("How far apart is too far?", ("Divide by the larger one",)),
        Question("Why does a right gradient fail the check?", ("If a nudge crosses a kink",)),
        Question("Why not check in float32?", ("So check in `float64`",)),
        Question("How do I check a very large network?", ("nudge many parameters at once",)),
        Question("My loss falls. Is the gradient right?", ("A falling loss does not prove",
                                                           "A falling loss proves nothing")),
        Question("Which line is wrong?", ("turns into a list of rules",)),
        Question("Everything is right and it does not learn?", ("the gradient isn't the problem",)),
    ),
    "Cost and memory": (
        Question("Why is going back about two passes?", ("twice as many multiplications",)),
        Question("Why start at the end?", ("That is why we start at the end",)),
        Question("Why does training need so much memory?", ("needs what came *into* the layer",)),
        Question("Why does a smaller batch save memory?", ("grows with depth and batch",)),
        Question("What are checkpoints?", ("You pay for memory with",)),
    ),
    "Depth": (
        Question("Why does my gradient vanish?", ("goes through two things",
                                                  "Only at 1 does depth cost nothing")),
        Question("Why does my gradient explode?", ("more than two million",)),
        Question("Which start should I use?", ("**Xavier and He.**",)),
        Question("Why not start at zero?", ("**A start at zero.**",)),
        Question("What is a dead neuron?", ("**Dead neurons.**",)),
        Question("Do more neurons help against fading?", ("Which of them would you change?",)),
        Question("What does a skip connection do?", ("However small the second term",)),
        Question("Why does batch normalisation help?", ("Why does normalisation help?",)),
        Question("Does clipping help against fading?", ("**Clipping.**",)),
    ),
    "Libraries": (
        Question("Where is the backward pass in a library?", ("By the time `backward` is called",)),
        Question("Why += and not =?", ("was **written over** the first",)),
        Question("Why a topological order?", ("**Topological order** means",)),
        Question("Why zero_grad()?", ("call `zero_grad()` in every step",)),
        Question("What does each thing mean in PyTorch?", ("Here is how to translate",)),
        Question("What about broadcasting?", ("NumPy **broadcasts** it",)),
    ),
    "Many machines": (
        Question("How do several machines make one gradient?", ("A **weighted mean**",)),
        Question("What is wrong with the mean of the means?", ("The plain mean is off",)),
        Question("Why is batch normalisation different there?", ("**Batch normalisation** takes",)),
        Question("What has to be sent in each step?", ("all parameters go out and all gradients",)),
        Question("When do more machines help?", ("train on many machines use large batches",)),
    ),
}  # fmt: skip


@cache
def sections() -> tuple[Section, ...]:
    """Return the texts of all notebooks in their order, each paragraph with its heading."""
    found = []
    for path in all_notebooks():
        heading = path.stem
        for cell in read(path).cells:
            if cell.cell_type != "markdown":
                continue
            parts = re.split(r"(?m)^(?=#{1,6} )", cell.source)
            for part in parts:
                if above := HEADING.match(part):
                    heading = above[1]
                found.append(Section(path.stem, heading, part))
    return tuple(found)


def explained(term: Term) -> Section:
    """Return where a term is explained: the first place at which it is set in bold or italics."""
    wanted = term.marked or term.word
    for mark in (1, 2):  # bold is a better sign than italics
        for section in sections():
            if NOT_EXPLAINED.search(section.text):
                continue
            if any(found[mark] == wanted for found in MARKED.finditer(section.text)):
                return section
    raise ValueError(f"no notebook sets {wanted!r} in bold or italics: say another in tools")


def answered(question: Question) -> list[Section]:
    """Return the sections that answer a question, one for each of its marks."""
    found = []
    for words in question.answered:
        places = [section for section in sections() if re.search(_any_space(words), section.text)]
        if not places:
            raise ValueError(f"{question.asked} No notebook says {words!r} any more")
        found.append(places[0])
    return found


def _any_space(words: str) -> str:
    return re.escape(words).replace(r"\ ", r"\s+")


def glossary() -> str:
    """Return the page with the words."""
    rows = [
        f"| **{term.word}** | {term.meaning} | {term.elsewhere} | {explained(term).link} |"
        for term in sorted(TERMS, key=lambda term: term.word.lower())
    ]
    return "\n".join(
        [
            "# Glossary",
            "",
            "The words of the course, what others call them, and where they are explained. The "
            "equations are on [the card](card.md); questions have [a page of their own]"
            "(questions.md).",
            "",
            "| word | what it is | elsewhere | explained in |",
            "|---|---|---|---|",
            *rows,
            "",
            MADE,
            "",
        ]
    )


def questions() -> str:
    """Return the page with the questions."""
    lines = [
        "# Questions",
        "",
        "What people ask about backpropagation, and the section that answers it. Words are in "
        "[the glossary](glossary.md).",
        "",
    ]
    for topic, asked in TOPICS.items():
        lines += [f"## {topic}", ""]
        for question in asked:
            links = "; ".join(dict.fromkeys(section.link for section in answered(question)))
            lines.append(f"- **{question.asked}** {links}")
        lines.append("")
    return "\n".join([*lines, MADE, ""])


def main() -> None:
    """Write both pages."""
    GLOSSARY.write_bytes(glossary().encode("utf-8"))
    QUESTIONS.write_bytes(questions().encode("utf-8"))


if __name__ == "__main__":
    main()
