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
        for (const frame of frames) all.push({ ...frame, base, places });
      }
    },
    forget() {
      bases.clear();
      all = [];
    },
    nearest(value) {
      // { value, shown, svg } of the nearest one; undefined if there is none.
      if (!all.length) return undefined;
      const off = (frame) => Math.abs(frame.value - value);
      const best = all.reduce((a, b) => (off(b) < off(a) ? b : a));
      const pieces = [...bases.get(best.base)];
      if (best.places.length)
        best.texts.split('"').forEach((text, k) => (pieces[best.places[k]] = text));
      return { value: best.value, shown: best.shown, svg: frameJoined(pieces) };
    },
  };
}
