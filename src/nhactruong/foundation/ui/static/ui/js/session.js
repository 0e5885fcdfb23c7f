// A page may outlive its session: somebody signs in again in another tab, and this one goes on.
export const SIGN_IN = "/dang-nhap/?vi-sao=het-phien";
const SESSION = "/toi/phien/";

/** Fresh secrets for the forms of this page. Answers "renewed"; "ended" while nobody is signed in; "other"
    when somebody else is, in whose name nothing of this page may be sent. */
export async function renew() {
  const answer = await fetch(SESSION, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) return "ended";
  const { person, csrf_token: token } = await answer.json();
  if (person !== document.body.dataset.person) return "other";
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return "renewed";
}
