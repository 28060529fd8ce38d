// A heap of numbers: the least is found at once.

export class Heap {
  /** `numbers` have to be in rising order. */
  constructor(numbers) {
    this.numbers = numbers;
  }

  copy() {
    return new Heap(this.numbers.slice());
  }

  /** The least, or undefined. */
  first() {
    return this.numbers[0];
  }

  push(number) {
    const { numbers } = this;
    let at = numbers.length;
    numbers.push(number);
    while (at) {
      const above = (at - 1) >> 1;
      if (numbers[above] <= number) break;
      numbers[at] = numbers[above];
      at = above;
    }
    numbers[at] = number;
  }

  pop() {
    const [first] = this.numbers;
    const last = this.numbers.pop();
    if (this.numbers.length) this.replace(last);
    return first;
  }

  /** Another number in the least one's stead. */
  replace(number) {
    const { numbers } = this;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below + 1 < numbers.length && numbers[below + 1] < numbers[below]) below += 1;
      if (below >= numbers.length || number <= numbers[below]) break;
      numbers[at] = numbers[below];
      at = below;
    }
    numbers[at] = number;
  }
}
