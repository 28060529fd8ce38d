// A rectangle of squares: from where it began to where it is now.

export class Selection {
  constructor() {
    this.row = 0;
    this.column = 0;
    this.toRow = 0;
    this.toColumn = 0;
  }

  set(row, column) {
    [this.row, this.column, this.toRow, this.toColumn] = [row, column, row, column];
  }

  stretch(row, column) {
    [this.toRow, this.toColumn] = [row, column];
  }

  get top() { return Math.min(this.row, this.toRow); }
  get bottom() { return Math.max(this.row, this.toRow); }
  get left() { return Math.min(this.column, this.toColumn); }
  get right() { return Math.max(this.column, this.toColumn); }
  get single() { return this.row === this.toRow && this.column === this.toColumn; }

  has(row, column) {
    return row >= this.top && row <= this.bottom && column >= this.left && column <= this.right;
  }

  /** Each row and column in it. */
  *squares() {
    for (let row = this.top; row <= this.bottom; row += 1) {
      for (let column = this.left; column <= this.right; column += 1) yield [row, column];
    }
  }
}
