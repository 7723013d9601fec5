import { answered, api, type Schemas } from "../../../api/client.ts";
import type { District } from "../../model.ts";
import { type Asked, useAsked, useEvents } from "../../setup/asked.ts";
import { pagesOf } from "../pages.ts";

export type Protocol = Schemas["ProtocolOut"];

const MOST_PAGES = 10;

/** All protocols of a district, also those not in use any more; asked again when one changes. */
export function useProtocols(district: District): Asked<readonly Protocol[]> {
  const asked = useAsked(async () => {
    const ask = (page: { limit: number; cursor?: string }) =>
      answered(api.GET("/v1/protocols", { params: { query: { district: district.id, ...page } } }));
    return (await pagesOf(MOST_PAGES, ask)).items;
  }, [district.id]);
  useEvents(["protocol.changed"], asked.again);
  return asked;
}
