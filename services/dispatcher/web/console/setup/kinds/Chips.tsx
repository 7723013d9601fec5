interface ChipsProps {
  legend: string;
  hint: string;
  options: readonly (readonly [string, string])[];
  chosen: readonly string[];
  choose: (chosen: string[]) => void;
  error: string | undefined;
}

/** Any of several, in the order in which they are shown. */
export function Chips({ legend, hint, options, chosen, choose, error }: ChipsProps) {
  const values = options.map(([value]) => value);
  const toggle = (one: string) =>
    choose(values.filter((value) => (value === one ? !chosen.includes(value) : chosen.includes(value))));
  return (
    <fieldset class="setup__set">
      <legend class="field__label">{legend}</legend>
      {hint && <span class="field__hint">{hint}</span>}
      <div class="row">
        {options.map(([value, text]) => (
          <button
            key={value}
            type="button"
            class="chip"
            aria-pressed={chosen.includes(value)}
            onClick={() => toggle(value)}
          >
            {text}
          </button>
        ))}
      </div>
      {error && <span class="field__error">{error}</span>}
    </fieldset>
  );
}
