import { describeSettings, SERVICES } from '@blindpost/server/settings';
import { Command } from 'commander';

/** `blindpost serve [services…]` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run the server. Everything else is set in the environment.')
    .argument('[services...]', `services to run: ${SERVICES.join(', ')}; none means all`)
    .option('--print-config', 'print every setting with its value and meaning, secrets masked, and exit')
    .action(async (services: string[], options: { printConfig?: boolean }) => {
      if (options.printConfig === true) {
        process.stdout.write(`${describeSettings(process.env)}\n`);
        return;
      }
      // Loaded here: the other commands start without the whole server.
      const { serve } = await import('@blindpost/server/main');
      // A start that failed half-way may hold connections that would keep the process alive.
      process.exit(await serve(process.env, services));
    });
}
