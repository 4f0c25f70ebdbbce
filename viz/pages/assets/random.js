/* NumPy's random numbers: SeedSequence, PCG64 and what `nn` draws from them, bit for bit. A seed means the same weights
   and the same order of samples as in Python. */

// Source: M. E. O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for random number
// generation", 2014; and for seeding, "Developing a seed_seq alternative", 2015.
const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;
const POOL = 4; // words of 32 bits
const [INIT_A, MULT_A, INIT_B, MULT_B] = [0x43b0d7e5, 0x931e8875, 0x8b51f9dd, 0x58f38ded];
const [MIX_LEFT, MIX_RIGHT] = [0xca01f9dd, 0x4973f715];
const UNIT = 2 ** -53;
const PIECES = 8;

const folded = (x) => (x ^ (x >>> 16)) >>> 0;

/* A function that scrambles one word after another. */
function scrambler(constant, multiplier) {
  return (word) => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, multiplier);
    return folded(Math.imul(mixed, constant));
  };
}

/* The words of 32 bits of a non-negative integer, the lowest first. */
function wordsOf(number) {
  const words = [];
  for (let rest = BigInt(number); rest > 0n || !words.length; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words;
}

/* The four numbers of 64 bits that a seed, a list of integers, becomes. */
function seedState(seed) {
  const entropy = seed.flatMap(wordsOf);
  const scramble = scrambler(INIT_A, MULT_A);
  const pool = Array.from({ length: POOL }, (_, n) => scramble(entropy[n] ?? 0));
  const mix = (to, word) => {
    pool[to] = folded(Math.imul(MIX_LEFT, pool[to]) - Math.imul(MIX_RIGHT, scramble(word)));
  };
  for (let from = 0; from < POOL; from += 1) {
    for (let to = 0; to < POOL; to += 1) if (from !== to) mix(to, pool[from]);
  }
  for (const word of entropy.slice(POOL)) for (let to = 0; to < POOL; to += 1) mix(to, word);
  const spread = scrambler(INIT_B, MULT_B);
  const words = Array.from({ length: 2 * POOL }, (_, n) => BigInt(spread(pool[n % POOL])));
  return Array.from({ length: POOL }, (_, n) => words[2 * n] | (words[2 * n + 1] << 32n));
}

/* The lowest 128 bits of a number, in pieces of 16 bits, the lowest first: products of pieces are exact, and faster than
   those of large integers. */
const piecesOf128 = (number) =>
  Float64Array.from({ length: PIECES }, (_, n) => Number((number >> BigInt(16 * n)) & 0xffffn));

const FACTOR = piecesOf128(MULTIPLIER);

/* `numpy.random.default_rng(seed)`, where the seed is a list of integers. */
export class Generator {
  constructor(...seed) {
    const [high, low, ...stream] = seedState(seed);
    const increment = (((stream[0] << 64n) | stream[1]) << 1n) | 1n;
    this.increment = piecesOf128(increment);
    this.state = piecesOf128(increment + ((high << 64n) | low)); // after a first step from 0
    this.next = new Float64Array(PIECES);
    this.step();
    this.half = null; // the upper 32 bits of the last number, if only the lower ones were used
  }

  /* Multiplies the state, and adds the increment. */
  step() {
    const { state, increment, next } = this;
    let carry = 0;
    for (let n = 0; n < PIECES; n += 1) {
      let sum = carry + increment[n];
      for (let k = 0; k <= n; k += 1) sum += state[k] * FACTOR[n - k];
      carry = Math.floor(sum / 65536);
      next[n] = sum - 65536 * carry;
    }
    this.state = next;
    this.next = state;
  }

  /* Makes the next number of 64 bits, as two of 32. */
  advance() {
    this.step();
    const { state } = this;
    let high = ((state[7] << 16) | state[6]) ^ ((state[3] << 16) | state[2]);
    let low = ((state[5] << 16) | state[4]) ^ ((state[1] << 16) | state[0]);
    const turn = state[7] >>> 10; // the highest six bits
    if (turn >= 32) [high, low] = [low, high];
    const rest = turn % 32;
    this.high = (rest ? (high >>> rest) | (low << (32 - rest)) : high) >>> 0;
    this.low = (rest ? (low >>> rest) | (high << (32 - rest)) : low) >>> 0;
  }

  next32() {
    if (this.half !== null) {
      const { half } = this;
      this.half = null;
      return half;
    }
    this.advance();
    this.half = this.high;
    return this.low;
  }

  /* A number from 0 to 1, without 1. */
  random() {
    this.advance();
    return (this.high * 2 ** 21 + (this.low >>> 11)) * UNIT;
  }

  /* An integer from 0 to `most`, at least 1: the lowest bits of numbers, until they are not too large. */
  integer(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const number = (this.next32() & mask) >>> 0;
      if (number <= most) return number;
    }
  }

  /* The integers below a number, in random order. */
  permutation(count) {
    const order = Int32Array.from({ length: count }, (_, n) => n);
    for (let n = count - 1; n > 0; n -= 1) {
      const other = this.integer(n);
      const last = order[n];
      order[n] = order[other];
      order[other] = last;
    }
    return order;
  }
}

/* The orders of the samples that `nn.training.order` draws: some epochs share a generator. */
const [MOST_EPOCHS, MOST_NUMBERS] = [32, 2 ** 16];

export class SampleOrders {
  constructor(seed, samples) {
    this.seed = seed;
    this.samples = samples;
    this.size = Math.max(1, Math.min(MOST_EPOCHS, Math.floor(MOST_NUMBERS / samples)));
    this.block = null;
  }

  /* The indices of the samples in the order of an epoch. */
  of(epoch) {
    const block = Math.floor(epoch / this.size);
    if (block !== this.block) {
      this.block = block;
      this.rows = [];
      this.generator = new Generator(this.seed, block);
    }
    while (this.rows.length <= epoch % this.size) this.rows.push(this.generator.permutation(this.samples));
    return this.rows[epoch % this.size];
  }
}

/* The noise of a seed: normally distributed numbers. NumPy makes such numbers from tables, which a page need not hold.
   Source: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates", 1958. */
export function drawnNoise(seed, count) {
  const generator = new Generator(seed, 0, 1); // which draws neither weights nor orders
  const noise = [];
  while (noise.length < count) {
    const radius = Math.sqrt(-2 * Math.log(1 - generator.random()));
    const angle = 2 * Math.PI * generator.random();
    noise.push(radius * Math.cos(angle), radius * Math.sin(angle));
  }
  return noise;
}

/* The initial weights of an MLP with a seed. `draws` has, for each layer, its numbers of inputs and of outputs and the
   bound of its weights; parameters come neuron by neuron, the weights of each before its bias, which is 0. */
export function drawnWeights(seed, draws) {
  const generator = new Generator(seed);
  const weights = [];
  for (const [inputs, outputs, bound] of draws) {
    for (let neuron = 0; neuron < outputs; neuron += 1) {
      for (let n = 0; n < inputs; n += 1) weights.push(-bound + 2 * bound * generator.random());
      weights.push(0);
    }
  }
  return weights;
}
