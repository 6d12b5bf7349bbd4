import 'virtual:theme.css';
import './app/mantine.css';
import './app/styles.css';

import { createRoot } from 'react-dom/client';

import { App } from './app/App';

const root = document.getElementById('runbell');
if (root) createRoot(root).render(<App />);
