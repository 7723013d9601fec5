import { answered, api } from "../../../api/client.ts";
import { MEMBERS, SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { clock, span } from "../../../ui/time.ts";
import { now } from "../../now.ts";
import { useAsked } from "../asked.ts";
import type { Member } from "./Members.tsx";
import { QrCode } from "./QrCode.tsx";

const A_MINUTE_MS = 60_000;

interface MemberLinkProps {
  member: Member;
  timeZone: string;
  onClose: () => void;
}

/** A one-time log-in link as a QR code, for the phone's camera. A fresh one for each time that the dialog opens. */
export function MemberLink({ member, timeZone, onClose }: MemberLinkProps) {
  const { name } = member;
  const asked = useAsked(
    () => answered(api.POST("/v1/members/{id}/links", { params: { path: { id: member.id } } })),
    [member.id],
  );
  const until = asked.value && new Date(asked.value.expires_at).getTime();
  const left = until && until - now.value.getTime();
  const over = left !== undefined && left <= 0;
  return (
    <Dialog title={t(MEMBERS.qrTitle, { name })} onClose={onClose}>
      <div class="setup__link">
        <ProblemNote error={asked.error} />
        {!asked.value && !asked.error && <p>{t(SETUP.loading)}</p>}
        {asked.value && !over && (
          <>
            <p class="setup__says">{t(MEMBERS.qrHow, { name })}</p>
            <QrCode text={asked.value.url} label={t(MEMBERS.qrImage)} />
            {left !== undefined && (
              <p class="setup__left" role="timer">
                {left < A_MINUTE_MS
                  ? t(MEMBERS.qrLast)
                  : t(MEMBERS.qrLeft, { time: span(left), until: clock(asked.value.expires_at, timeZone) })}
              </p>
            )}
            <details class="setup__details">
              <summary>{t(MEMBERS.qrLink)}</summary>
              <code>{asked.value.url}</code>
            </details>
            {isLocal(asked.value.url) && <p class="notice notice--warn">{t(MEMBERS.qrLocal)}</p>}
          </>
        )}
        {over && <p class="notice notice--warn">{t(MEMBERS.qrOver)}</p>}
        <div class="setup__end">
          <button type="button" class="button" onClick={asked.again}>
            {t(MEMBERS.qrAgain)}
          </button>
          {!over && (
            <button type="button" class="button button--primary" disabled={!asked.value} onClick={() => window.print()}>
              {t(MEMBERS.qrPrint)}
            </button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function isLocal(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}
