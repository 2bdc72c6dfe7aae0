# The bundle is JavaScript alone: it is built once, on the builder's own platform, for every platform of the last stage.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY esbuild.command.js esbuild.config.js esbuild.library.js esbuild.licenses.js ./
COPY schemas ./schemas
COPY src ./src
RUN npm run build

# Node.js and nothing else: no shell, no package manager. Nothing is ever written, so the root may be read-only.
FROM gcr.io/distroless/nodejs24-debian13:nonroot
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="calico-admission" \
      org.opencontainers.image.description="Kubernetes admission webhooks and an offline checker for Calico networking on Gardener" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="gcr.io/distroless/nodejs24-debian13:nonroot" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
    NODE_DISABLE_COMPILE_CACHE=1 \
    CALICO_ADMISSION_CERT_DIR=/certs
WORKDIR /
COPY LICENSE /app/
COPY --from=build /build/dist /app/
USER 65532:65532
EXPOSE 8443 8081
ENTRYPOINT ["/nodejs/bin/node", "/app/main.js"]
CMD ["serve", "--host", "0.0.0.0"]
