// Pictures for other values of one number, which were made before they are needed, as `Packer` in
// Python packs them.

// A picture is cut at each quotation mark and before each tag, so that a number is a piece.
const framePieces = (svg) => svg.replaceAll("<", '"<').split('"');
const frameJoined = (pieces) => pieces.join('"').replaceAll('"<', "<");

function newFrames() {
  const bases = new Map(); // the pieces of the pictures that others differ from
  let all = [];
  return {
    add(groups) {
      for (const { base, svg, places, frames } of groups) {
        if (svg !== undefined) bases.set(base, framePieces(svg));
        if (!bases.has(base)) continue; // it came when nobody wanted it
        for (const { value, shown, texts } of frames)
          all.push({ value, shown, get svg() { return svgOf({ base, places, texts }); } });
      }
    },
    forget() {
      bases.clear();
      all = [];
    },
    nearest(value) {
      // The nearest one, as { value, shown, svg }; undefined if there is none.
      const off = (frame) => Math.abs(frame.value - value);
      return all.reduce((a, b) => (a && off(a) <= off(b) ? a : b), undefined);
    },
  };

  function svgOf({ base, places, texts }) {
    const pieces = [...bases.get(base)];
    if (places.length) texts.split('"').forEach((text, k) => (pieces[places[k]] = text));
    return frameJoined(pieces);
  }
}
