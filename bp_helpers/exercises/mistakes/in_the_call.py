"""Mistakes that show in the call, or in the values as they are, not in a line of mathematics."""

from __future__ import annotations

from bp_helpers.exercises.mistakes.mistake import Mistake

IN_THE_CALL = {
    "inputs-changed": Mistake(
        "Your function changed something that it was given and should have left as it was.",
        "Assignments such as `-=`, those to an entry or to `.shape`, `out=`, and `pop`, `reverse` "
        "or `append` change the thing itself. Work on a copy.",
    ),
    "put-back-by-arithmetic": Mistake(
        "The array that you were given comes back nearly as it was, not exactly: adding h and "
        "taking it away again leaves a rounding error.",
        "Keep the entry's value in a variable before you nudge it, and write that back; or nudge a "
        "copy.",
    ),
    "kept-between-calls": Mistake(
        "The same arguments gave two different results: something is kept from one call to the "
        "next, or drawn at random.",
        "Where do your sums start? What starts outside of the function is not fresh at the next "
        "call.",
    ),
    "shared-name-replaced": Mistake(
        "Your function gave a new meaning to a name that all other code uses as well, the check "
        "too. It has been put back.",
        "Which names does your function set outside of itself? Keep what you need in variables of "
        "your own.",
    ),
    "answer-from-the-check": Mistake(
        "Your function takes its answer from the parts of the check, so there is nothing of yours "
        "to compare.",
        "Start from the formula in the text above, with the arguments that your function gets.",
    ),
    "nothing-returned": Mistake(
        "What comes back is None, at least in some cases: nothing that your function works out is "
        "handed back.",
        "Does its last line hand the result back, or is it still the one of the stub? And if there "
        "is an `if`, what happens otherwise?",
    ),
    "printed-not-returned": Mistake(
        "Your function prints something and returns None. What is printed can be read; only what "
        "is returned can be used.",
        "Which word hands a value back to whoever called the function? And does an `except` that "
        "prints hide an error?",
    ),
    "result-left-in-argument": Mistake(
        "The right result is in an array that you were given, which is overwritten, and "
        "nothing is returned.",
        "Make an array of your own for the result, and hand it back at the end.",
    ),
    "results-in-another-order": Mistake(
        "The results come back in a different order from the one you were asked for.",
        "In which order does the exercise ask for them?",
    ),
    "results-in-another-container": Mistake(
        "The numbers that are asked for stand in another order, are wrapped up in another way, or "
        "have others beside them.",
        "In which order should the results stand, and which brackets should be around them?",
    ),
    "results-partly-missing": Mistake(
        "What came back is a part of what is asked for; the rest is missing.",
        "How many results does the exercise ask for, and how many stand behind your `return`?",
    ),
    "stopped-on-the-way": Mistake(
        "What came back is right, but it is only a step on the way. The last lines are missing.",
        "What does the exercise ask for, and what still lies between that and what you have?",
    ),
    "slip-in-a-step": Mistake(
        "One step does something to a value that the formula does not ask for, uses a different "
        "value in its place or leaves something out. Change that, and all of it is right.",
        "Write the formula beside your lines, and compare the two piece by piece.",
    ),
    "result-rounded": Mistake(
        "The numbers are right, but rounded. What is computed from them next needs all their "
        "digits.",
        "Rounding is for reading: where would you do it, and where not?",
    ),
    "values-clipped": Mistake(
        "Numbers beyond a limit were cut off at it. The formula has no such limit: how far they "
        "reached is lost.",
        "Which of your lines keeps numbers below or above a bound (a clip, a maximum, a mask), and "
        "which formula asks for that?",
    ),
    "parameters-for-gradients": Mistake(
        "These are the values after a step. The task is the gradients alone; what is done with "
        "them comes later.",
        "Which argument says how far a step should go? The exercise gives you none.",
    ),
    "arguments-exchanged": Mistake(
        "Two arguments are swapped: your function would be right if they came in the other order.",
        "In which order does the first line name the arguments, and which is which in your lines?",
    ),
    "not-added-up": Mistake(
        "The shares are right, but not all that belong together were added up.",
        "How many axes has your result, and how many should it have?",
    ),
    "one-for-each": Mistake(
        "There is a number for each row, column or entry. You were asked for one for all of them "
        "together.",
        "Over which axes does your mean, sum or largest one go? Without `axis` it goes over all.",
    ),
    "parts-weighed-otherwise": Mistake(
        "The parts are added up with weights that are not their shares of the examples.",
        "Print what each part is multiplied by on its way into your sum. Which share of the "
        "examples does each part have?",
    ),
    "broadcast-other-axes": Mistake(
        "You did not add up over exactly the axes along which the array was stretched.",
        "Write the two shapes below each other, lined up from the right. Where do they differ?",
    ),
    "factor-wrong": Mistake(
        "There is a factor too many, or one is missing.",
        "Where does each of your factors come from?",
    ),
    "learning-rate-of-its-own": Mistake(
        "Every step was made with the same learning rate, whichever was given. The rate is one of "
        "the arguments.",
        "Where does the rate in your update come from?",
    ),
    "same-for-all-arguments": Mistake(
        "The same numbers come back, whatever your function is given.",
        "Which of the arguments does the result depend on?",
    ),
    "one-array-twice": Mistake(
        "Two places of your result hold the same numbers. Are they the same list? `[[0, 0]] * 3` "
        "makes one pair and shows it three times: change one, and all change.",
        "Where is the list made that you write into, and how many lists are in it?",
    ),
    "another-quantity": Mistake(
        "This is a different quantity from the one you were asked for.",
        "Is it the one that the exercise names, or is a last step missing?",
    ),
}
