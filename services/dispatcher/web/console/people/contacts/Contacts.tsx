import type { District } from "../../model.ts";
import { ContactsOf } from "./ContactsOf.tsx";
import { ImportContacts } from "./ImportContacts.tsx";
import { IndexPersons } from "./IndexPersons.tsx";

/** `/people/contacts`, `…/import`, `…/import/ID` (of that index person), `…/ID`. */
export function Contacts({ district, rest: [first, second] }: { district: District; rest: readonly string[] }) {
  if (first === "import") return <ImportContacts key={second ?? ""} indexId={second ?? ""} />;
  if (first) return <ContactsOf key={first} district={district} indexId={first} />;
  return <IndexPersons district={district} />;
}
