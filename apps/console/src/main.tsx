import { render } from 'solid-js/web';
import { App } from './shell/app.jsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no #console');
render(() => <App />, root);
