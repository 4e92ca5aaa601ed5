// A certified OpenID Connect provider in a process of its own, which asks for PKCE and tells who signed out.
// Whoever signs in there is the subject they type; what it says of them stands in PEOPLE.
import Provider from 'oidc-provider';

const [port, redirect, backchannel, secret] = process.argv.slice(2);
const PEOPLE = {
  'subject-of-ada': { email: 'Ada@Clinic.example', email_verified: true },
  'subject-of-bob': { email: 'bob@clinic.example', email_verified: false },
  'subject-of-eve': { email: 'eve@elsewhere.example', email_verified: true },
};

const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: 'seventy',
    client_secret: secret,
    redirect_uris: [redirect],
    post_logout_redirect_uris: [new URL('/login', redirect).href],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    backchannel_logout_uri: backchannel,
  }],
  pkce: { required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // by itself it posts to no loopback address, which is where the clinic of a test is
  fetch: (address, { dispatcher: _, ...options }) => fetch(address, options),
  cookies: { keys: ['only for a test'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
});
provider.on('backchannel.error', (_, error) => console.error('backchannel:', error.message, error.cause));
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
