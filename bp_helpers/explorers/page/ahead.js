// Pictures that the kernel makes ahead: when a hand takes a number, those of its other values. The
// nearest is shown until the kernel's own comes, as long as nothing else has changed since.

function newAhead(model, el, hand, changed) {
  const frames = newFrames();
  let held; // the number in the hand: its name, and what tells its value
  let has; // of which number the frames are, and on which way
  const areRight = () => has?.name === held?.name && has?.way === model.get("way");
  const ask = () => {
    if (!held || model.get("playing")) return;
    model.send({ ask: { name: held.name, value: held.value(), anew: !areRight() } });
  };
  const take = (name, value) => {
    const isOther = held?.name !== name;
    held = { name, value };
    if (isOther) ask();
  };
  const letGo = () => (held = undefined);
  const takeSlider = (slider) => {
    const name = numberOf(slider, hand.all());
    if (name === undefined) return letGo();
    const { noUiSlider } = slider.querySelector(".noUi-target");
    take(name, () => valueOf(noUiSlider, hand.all()[name]));
    noUiSlider.off(".bp"); // it may be taken a hundred times
    noUiSlider.on("slide.bp", () => {
      takeSlider(slider);
      changed();
    });
  };
  const reach = ({ target }) => {
    const slider = target.closest?.(".widget-slider");
    const part = partOf(target);
    const grips = part && el.contains(part) ? gripsOf(part, hand.all()) : [];
    if (!boxOf(el)?.contains(target)) letGo();
    else if (slider) takeSlider(slider);
    else if (grips.length === 1) take(grips[0].name, () => hand.valueOf(grips[0].name));
    else letGo();
  };
  model.on("msg:custom", ({ groups, name, way }) => {
    if (!groups || way !== model.get("way")) return;
    if (!has && groups[0].svg === undefined) return; // this view was not there when they began
    has = { name, way };
    frames.add(groups);
    if (!areRight()) return; // by now the hand has another number, and has asked for its own
    ask();
    changed();
  });
  model.on("change:way", () => {
    if (has?.way !== model.get("way")) {
      frames.forget();
      has = undefined;
    }
    if (!model.get("way")) ask(); // something else has changed
  });
  for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, reach, true);
  return {
    moves(names) {
      // Numbers that are changed in the picture.
      if (names.length === 1) take(names[0], () => hand.valueOf(names[0]));
      else letGo();
    },
    nearest() {
      // The picture to show instead of the kernel's last one, and what is in the hand.
      if (!held || !areRight() || !(held.name in hand.all())) return undefined;
      const value = held.value();
      const frame = frames.nearest(value);
      const off = (its) => Math.abs(its.value - value);
      if (!frame || off(frame) >= off(hand.all()[held.name]) || !isFollowed(model, el, hand, held.name))
        return undefined;
      return { frame, name: held.name, value };
    },
    end() {
      for (const kind of ["focusin", "pointerdown"]) document.removeEventListener(kind, reach, true);
    },
  };
}

function numberOf(slider, hands) {
  // The name of the slider's number: both are called the same.
  const label = slider.querySelector(".widget-label")?.textContent;
  return Object.keys(hands).find((name) => hands[name].label === label);
}

function valueOf(noUiSlider, { options }) {
  const place = Number(noUiSlider.get());
  return options ? options[place] : place;
}

function isFollowed(model, el, hand, held) {
  // Whether the kernel's picture is of all that a hand has moved, perhaps but for the number `held`.
  const choices = model.get("choices") ?? {};
  return hand.toldOnly(held) && othersStand(boxOf(el), held, hand.all(), choices);
}

function othersStand(box, held, hands, choices) {
  // Whether every control but that of the number `held` stands as the kernel's picture has it: what
  // it was told may still be on its way.
  const slidersStand = [...box.querySelectorAll(".widget-slider")].every((slider) => {
    const name = numberOf(slider, hands);
    if (name === undefined || name === held) return true;
    const { value, step } = hands[name];
    const place = valueOf(slider.querySelector(".noUi-target").noUiSlider, hands[name]);
    return place === value || Math.abs(place - value) < 0.6 * step; // it is between two steps
  });
  const choicesStand = [...box.querySelectorAll(".widget-dropdown, .widget-checkbox")].every((one) => {
    const menu = one.querySelector("select");
    const label = one.querySelector(menu ? ".widget-label" : "span").textContent;
    // ipywidgets writes an option's spaces as ones that do not break
    const chosen = menu?.selectedOptions[0]?.text.replaceAll("\u00a0", " ");
    const stands = menu ? chosen : one.querySelector("input").checked;
    return !(label in choices) || choices[label] === stands;
  });
  return slidersStand && choicesStand;
}
