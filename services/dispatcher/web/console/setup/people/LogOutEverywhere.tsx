import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { MEMBERS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { say } from "../../../ui/toasts.tsx";
import { useSending } from "../asked.ts";
import { Confirm } from "../Confirm.tsx";
import type { Member } from "./Members.tsx";

/** For a lost phone. */
export function LogOutEverywhere({ member }: { member: Member }) {
  const [asking, setAsking] = useState(false);
  const sending = useSending();
  const { name } = member;
  const logOut = () =>
    sending.run(async () => {
      await answered(api.DELETE("/v1/members/{id}/sessions", { params: { path: { id: member.id } } }));
      setAsking(false);
      say(t(MEMBERS.loggedOut, { name }), "good");
    });
  return (
    <>
      <button type="button" class="button button--danger" onClick={() => setAsking(true)}>
        {t(MEMBERS.logOut)}
      </button>
      {asking && (
        <Confirm
          title={t(MEMBERS.logOut)}
          says={t(MEMBERS.logOutWhy, { name })}
          yes={t(MEMBERS.logOut)}
          sending={sending}
          onYes={logOut}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
