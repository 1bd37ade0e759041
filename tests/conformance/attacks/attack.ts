/**
 * A piece of markup that means harm. What it would run is `alert(1)`; what it would load, or send words to, is
 * `evil.example`.
 */
export interface Attack {
  name: string;
  html: string;
}
