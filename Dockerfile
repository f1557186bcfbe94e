# The full image: where SQLite's binding has no build for this machine, it is compiled.
FROM node:20-bookworm AS sources
WORKDIR /opt/blindpost
COPY . .

FROM sources AS build
RUN npm ci --no-audit --no-fund
RUN npm run build
# Compiled tests need parts that do not ship.
RUN find apps packages -path '*/dist/*' \( -name '*.test.*' -o -name '*.fixture.*' \) -delete

FROM sources AS modules
RUN npm ci --omit=dev --workspace=blindpost --no-audit --no-fund

FROM node:20-bookworm-slim
WORKDIR /opt/blindpost
COPY --from=modules /opt/blindpost/node_modules node_modules
COPY --from=build /opt/blindpost/LICENSE LICENSE
COPY --from=build /opt/blindpost/packages/protocol packages/protocol
COPY --from=build /opt/blindpost/packages/pow packages/pow
COPY --from=build /opt/blindpost/packages/zk packages/zk
COPY --from=build /opt/blindpost/packages/client packages/client
COPY --from=build /opt/blindpost/apps/console/package.json apps/console/package.json
COPY --from=build /opt/blindpost/apps/console/site apps/console/site
COPY --from=build /opt/blindpost/apps/server/package.json apps/server/package.json
COPY --from=build /opt/blindpost/apps/server/dist/src apps/server/dist/src
COPY --from=build /opt/blindpost/apps/cli apps/cli
RUN install --directory --owner=node --group=node --mode=700 /data

ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
USER node
EXPOSE 8080
VOLUME /data
# From inside the container the certificate's name cannot match; the answer is what counts.
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s CMD ["node", "-e", "const https = process.env.HTTPS_ENABLED === 'true'; const tls = https || Boolean(process.env.TLS_CERT); require(tls ? 'https' : 'http').get({ host: '127.0.0.1', port: https ? process.env.HTTPS_PORT || 3443 : process.env.PORT, path: '/health', rejectUnauthorized: false }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "apps/cli/bin/blindpost.js", "serve"]
