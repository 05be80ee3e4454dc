# hubdwh in a container.
#
# NOT TRIED as an image: there was no Docker engine where this was written, and no registry to ask for the base image.
# Tried was each step by hand, on Debian 12 with Node 20, outside of a container: npm ci without scripts, the build, npm prune,
# then a demo from the resulting tree as a user that owns nothing in it and has no name.
#
#   docker build -t hubdwh:0.1.0 .
#   docker run --rm hubdwh:0.1.0 demo
#   docker run --rm -it -v "$PWD/hub:/data" -u "$(id -u):$(id -g)" hubdwh:0.1.0 init
#
# Debian, not Alpine: DuckDB's binary is made for glibc. For a build that is the same in a year, replace the tag by its digest
# (docker buildx imagetools inspect node:22.23.3-bookworm-slim).
ARG NODE=node:22.23.3-bookworm-slim

FROM ${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# The project's own "prepare" would build before there is anything to build; no package needs a script.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY build ./build
COPY src ./src
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE}
LABEL org.opencontainers.image.title="hubdwh" \
      org.opencontainers.image.version="0.1.0"
WORKDIR /opt/hubdwh
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json ./
COPY bin ./bin
COPY checks ./checks
COPY models ./models
COPY docs ./docs
COPY airflow/dags ./airflow/dags
COPY airflow/pools.json ./airflow/pools.json
# The program belongs to root and is only read; what a run writes goes to /data: hubdwh.yaml, .env, the warehouse and the landing.
RUN ln -s /opt/hubdwh/bin/hubdwh /usr/local/bin/hubdwh && install -d -o node -g node -m 0700 /data
# DuckDB keeps its extensions (iceberg, avro, httpfs, only for an Iceberg catalog) in the home folder: there they outlive the
# container. Without a way to extensions.duckdb.org name a folder under warehouse.iceberg.extensions: docs/iceberg.md.
ENV HOME=/data \
    NODE_ENV=production
USER node
WORKDIR /data
VOLUME /data
# One command, then it ends: whether all is well its exit code tells, so there is no HEALTHCHECK.
ENTRYPOINT ["hubdwh"]
CMD ["--help"]
