/* The parts of the link that are not settings: points that the reader has changed, and how many epochs were trained. */
import { classTargets, editPoints, inputs, isEdited, classOf, loadPoints, points, snapshot } from "./live_state.js";
import { tr } from "./words.js";

const MOST_POINTS_LINKED = 300; // an address has its limits
const MOST_EPOCHS_LINKED = 100_000;

/* `edited()` is called after points are restored, and `train(epochs)` trains. */
export function linkParts({ edited, train }) {
  return {
    points: {
      get: () =>
        isEdited && points.length <= MOST_POINTS_LINKED && classTargets.length
          ? points.map(({ x, y }) => [...x, classOf(y)].join(",")).join(";")
          : null,
      set(text) {
        if (text === null) {
          if (isEdited) {
            loadPoints();
            edited();
          }
          return true;
        }
        const read = text.split(";").filter(Boolean).map((point) => point.split(",").map(Number));
        if (read.length > MOST_POINTS_LINKED) return false;
        const isPoint = (numbers) => numbers.length === inputs + 1 && numbers.every(Number.isFinite) && classTargets[numbers.at(-1)];
        if (!read.every(isPoint)) return false;
        editPoints(read.map((numbers) => ({ x: numbers.slice(0, inputs), y: classTargets[numbers.at(-1)] })));
        edited();
        return true;
      },
      expected: tr`points such as 0.5,-1,0;1,2,1`,
    },
    epochs: {
      get: () => (snapshot?.epoch ? String(Math.min(snapshot.epoch, MOST_EPOCHS_LINKED)) : null),
      set(text) {
        const epochs = text === null ? 0 : Number(text || NaN);
        if (!Number.isInteger(epochs) || epochs < 0 || epochs > MOST_EPOCHS_LINKED) return false;
        train(epochs);
        return true;
      },
      expected: tr`a whole number up to ${MOST_EPOCHS_LINKED}`,
    },
  };
}
