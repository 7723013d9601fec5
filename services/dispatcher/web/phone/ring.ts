/** The sound of a wake-up while the page is open: made here, so there is no file to fetch. */

const NOTES_HZ = [880, 1175, 880, 1175];
const NOTE_S = 0.18;
const LOUD = 0.4;

let audio: AudioContext | undefined;

/** Call it in a tap: browsers let a page sound only after one. */
export function allowSound(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") void audio.resume().catch(() => {});
  } catch {
    audio = undefined; // no sound on this device
  }
}

/** Four notes up and down. Silent where no tap allowed it yet. */
export function ring(): void {
  if (audio?.state !== "running") return;
  const begin = audio.currentTime;
  const volume = new GainNode(audio, { gain: LOUD });
  volume.connect(audio.destination);
  NOTES_HZ.forEach((frequency, place) => {
    if (!audio) return;
    const note = new OscillatorNode(audio, { type: "triangle", frequency });
    note.connect(volume);
    note.start(begin + place * NOTE_S);
    note.stop(begin + (place + 0.9) * NOTE_S);
  });
}
