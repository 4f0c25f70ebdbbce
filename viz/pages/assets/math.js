/* Converts LaTeX, as the library writes it, to MathML: `parseMath` returns a tree, `drawMath` the element of a tree.

   Besides LaTeX, it knows \data{i}, \gradient{i} and similar commands for the current value of `numbers[name](i)`,
   \signed{...} for brackets around anything but a positive number, and \factor{...} for brackets around a sum.
*/
import { piecesOf } from "./numbers.js";

const GREEK = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ϵ", zeta: "ζ", eta: "η", theta: "θ", iota: "ι",
  kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", upsilon: "υ",
  phi: "ϕ", chi: "χ", psi: "ψ", omega: "ω", Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Pi: "Π",
  Sigma: "Σ", Upsilon: "Υ", Phi: "Φ", Psi: "Ψ", Omega: "Ω",
};
const IDENTIFIERS = { ...GREEK, infty: "∞", partial: "∂" };
const OPERATORS = {
  sum: "∑",
  cdot: "·", wedge: "∧", sim: "∼", backslash: "\\", times: "×", div: "÷", star: "⋆", ast: "∗", circ: "∘", bullet: "∙",
  oplus: "⊕", otimes: "⊗", odot: "⊙", pm: "±", mp: "∓", vee: "∨", approx: "≈",
};
const BRACKETS = {
  "\\lfloor": "⌊", "\\rfloor": "⌋", "\\lceil": "⌈", "\\rceil": "⌉", "\\lVert": "‖", "\\rVert": "‖", "\\|": "‖",
  "\\lvert": "|", "\\rvert": "|", "\\langle": "⟨", "\\rangle": "⟩", "\\{": "{", "\\}": "}",
};
const FUNCTIONS = new Set([  // LaTeX has a command for each of these names
  "arccos", "arcsin", "arctan", "cos", "cosh", "cot", "coth", "csc", "exp", "ln", "log", "max", "min", "sec", "sin",
  "sinh", "tan", "tanh",
]);
const TOKEN = /\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|./gsu;

const tree = (tag, children, attributes = {}) => ({ tag, children, attributes });
const row = (children) => (children.length === 1 ? children[0] : tree("mrow", children));
const operator = (text, attributes) => tree("mo", text, attributes);
const bracket = (text, stretchy) => operator(BRACKETS[text] ?? text, { fence: "true", stretchy: String(stretchy) });

/* Whether a tree is taller than a line: it has a fraction or several lines, and not only in a script. */
function isTall({ tag, children }) {
  if (tag === "mfrac" || tag === "mtable") return true;
  if (typeof children === "string") return false;
  return (tag.startsWith("msu") ? children.slice(0, 1) : children).some(isTall);
}

/* Brackets around a tree. They stretch only around tall ones, for a browser sets space around those that could. */
function bracketed(open, inside, close) {
  const stretchy = isTall(inside);
  return tree("mrow", [bracket(open, stretchy), inside, bracket(close, stretchy)]);
}

function numberTree(x, name) {
  const { negative, digits, power } = piecesOf(x);
  const attributes = { class: `number ${name}`, "data-number": String(x) };
  if (digits === "nan") return tree("mi", digits, attributes);
  const shown = [digits === "inf" ? tree("mi", "∞") : tree("mn", digits)];
  if (power !== null) {
    const exponent = tree("mn", String(Math.abs(power)));
    const raised = power < 0 ? tree("mrow", [operator("−"), exponent]) : exponent;
    shown.push(operator("·"), tree("msup", [tree("mn", "10"), raised]));
  }
  if (negative) shown.unshift(operator("−", { form: "prefix" }));
  return tree("mrow", shown, attributes);
}

function isPlain(node) {
  return node.tag === "mn" || (node.attributes["data-number"] !== undefined && node.children.length === 1);
}

function isSum(node) {
  return node.tag === "mrow" && node.children.some((child) => child.tag === "mo" && "+−".includes(child.children));
}

/* Whether a sign after this belongs to what follows: it is an operator, but not a bracket that closes. */
const isOpen = ({ tag, children }) => tag === "mo" && !")]|".includes(children);

export function parseMath(latex, numbers = {}) {
  const tokens = latex.match(TOKEN) ?? [];
  let at = 0;

  const skipSpace = () => {
    while (at < tokens.length && tokens[at].trim() === "") at += 1;
  };
  const next = () => {
    skipSpace();
    return tokens[at];
  };
  const take = () => {
    skipSpace();
    at += 1;
    return tokens[at - 1];
  };
  const expect = (token) => {
    const found = take();
    if (found !== token) throw new SyntaxError(`expected ${token}, not ${found}, in ${latex}`);
  };

  /* The text between braces, unparsed. */
  function raw() {
    expect("{");
    let text = "";
    while (at < tokens.length && tokens[at] !== "}") {
      text += tokens[at];
      at += 1;
    }
    expect("}");
    return text;
  }

  function group() {
    if (next() !== "{") return atom();
    take();
    const inside = sequence(["}"]);
    expect("}");
    return inside;
  }

  function sequence(ends) {
    const children = [];
    while (next() !== undefined && !ends.includes(next())) {
      const isSign = "+-".includes(next()) && (!children.length || isOpen(children.at(-1)));
      children.push(isSign ? operator(take() === "-" ? "−" : "+", { form: "prefix" }) : scripted());
    }
    return row(children);
  }

  function scripted() {
    const base = atom();
    let below = null;
    let above = null;
    while (next() === "^" || next() === "_") {
      if (take() === "^") above = group();
      else below = group();
    }
    if (above && below) return tree("msubsup", [base, below, above]);
    if (above) return tree("msup", [base, above]);
    return below ? tree("msub", [base, below]) : base;
  }

  function cases() {
    const rows = [[]];
    while (next() !== "\\end") {
      rows.at(-1).push(tree("mtd", [sequence(["&", "\\\\", "\\end"])]));
      if (next() === "&") take();
      else if (next() === "\\\\") {
        take();
        rows.push([]);
      } else if (next() === undefined) throw new SyntaxError(`unclosed cases in ${latex}`);
    }
    take();
    raw();
    return tree("mrow", [bracket("{", true), tree("mtable", rows.map((cells) => tree("mtr", cells)))]);
  }

  function command(name) {
    if (name === "frac") return tree("mfrac", [group(), group()]);
    if (name === "sqrt") {
      const degree = next() === "[" ? (take(), sequence(["]"])) : null;
      if (degree) expect("]");
      return degree ? tree("mroot", [group(), degree]) : tree("msqrt", [group()]);
    }
    if (name === "text") return tree("mtext", raw().replaceAll(" ", "\u00a0"));
    if (name === "operatorname") return tree("mi", raw().replaceAll("\\", ""), { mathvariant: "normal" });
    if (name === "mathrm") return tree("mi", raw(), { mathvariant: "normal" });
    if (name === "mathrel") return operator(raw());
    if (name === "begin") {
      raw();
      return cases();
    }
    if (name === "left") {
      const open = take();
      const inside = sequence(["\\right"]);
      expect("\\right");
      return bracketed(open, inside, take());
    }
    if (name === "signed") {
      const inside = group();
      return isPlain(inside) ? inside : bracketed("(", inside, ")");
    }
    if (name === "factor") {
      const inside = group();
      return isSum(inside) ? bracketed("(", inside, ")") : inside;
    }
    if (name in numbers) return numberTree(numbers[name](Number(raw())), name);
    if (FUNCTIONS.has(name)) return tree("mi", name);
    if (name in OPERATORS) return operator(OPERATORS[name]);
    if (name in IDENTIFIERS) return tree("mi", IDENTIFIERS[name]);
    if (name.length === 1) return tree("mtext", name); // an escaped character
    if (`\\${name}` in BRACKETS) return bracket(`\\${name}`, false);
    return tree("mtext", `\\${name}`); // in LaTeX that the user wrote
  }

  function atom() {
    if (next() === "{") return group();
    const token = take();
    if (token === undefined) throw new SyntaxError(`${latex} ends too early`);
    if (token.startsWith("\\")) return command(token.slice(1));
    if (/^[0-9]/.test(token)) return tree("mn", token);
    if (/^\p{L}/u.test(token)) return tree("mi", token);
    if ("()[]|".includes(token)) return bracket(token, false); // in LaTeX, only \left and \right stretch
    return operator(token === "-" ? "−" : token);
  }

  const whole = sequence([]);
  return whole.tag === "mrow" ? whole : tree("mrow", [whole]);
}

/* The element of a tree. Text is set as text, so that no label can become markup. */
export function drawMath(node) {
  const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", node.tag);
  for (const [name, value] of Object.entries(node.attributes)) element.setAttribute(name, value);
  if (typeof node.children === "string") element.textContent = node.children;
  else element.append(...node.children.map(drawMath));
  return element;
}
