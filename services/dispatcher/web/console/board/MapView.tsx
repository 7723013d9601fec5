import "./map.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { MAP } from "../../texts/console-board.ts";
import { t } from "../../texts/language.ts";
import { picking } from "../model.ts";
import { DistrictMap, type Door } from "./DistrictMap.ts";
import { DoorChooser } from "./DoorChooser.tsx";
import { Legend, MapTools } from "./MapTools.tsx";

/** The district: grids, tasks by status, teams and their walks. A click leads to what was clicked. */
export default function MapView() {
  const box = useRef<HTMLDivElement>(null);
  const [door, setDoor] = useState<Door | null>(null);
  useEffect(() => {
    if (!box.current) return;
    const map = new DistrictMap(box.current, setDoor);
    return () => map.remove();
  }, []);
  return (
    <div class="board-map">
      <div ref={box} class="board-map__map" />
      <MapTools />
      <Legend />
      {picking.value && (
        <div class="board-map__pick notice notice--info row" role="status">
          <span>{t(MAP.pick)}</span>
          <button type="button" class="button" onClick={() => (picking.value = null)}>
            {t(MAP.stopPicking)}
          </button>
        </div>
      )}
      {door && <DoorChooser door={door} onClose={() => setDoor(null)} />}
    </div>
  );
}
