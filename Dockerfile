# The image of rufus-mock: docs/docker.md. `make image` builds it.
FROM python:3.13-slim-bookworm AS base

FROM base AS build
RUN apt-get update -qq && apt-get install -qq --no-install-recommends binutils >/dev/null
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY constraints.txt ./
RUN python -m venv /build \
 && /build/bin/pip install --quiet --only-binary :all: --constraint constraints.txt hatchling \
 && python -m venv --without-pip /opt/rufus-mock
COPY . .
RUN /build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels .
# Extras of pyproject.toml to install in addition to tls, separated by commas.
ARG EXTRAS=
RUN wheel="$(ls /wheels/*.whl)" \
 && /build/bin/pip --python /opt/rufus-mock/bin/python install --quiet --no-compile --only-binary :all: \
    --constraint constraints.txt "rufus-mock[tls${EXTRAS:+,$EXTRAS}] @ file://$wheel" \
 && find /opt/rufus-mock -name '*.so' -exec strip --strip-unneeded {} +

FROM base
COPY --from=build /opt/rufus-mock /opt/rufus-mock
# TLS needs temporary files. /dev/shm is in memory and writable even if the root file system is read-only.
ENV PATH=/opt/rufus-mock/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RUFUS_MOCK_HOST=0.0.0.0 \
    TMPDIR=/dev/shm
# The official image has no bytecode, and a read-only container would have to compile all modules at each start.
# One run over TLS writes the bytecode of exactly the modules that the server needs.
RUN export RUFUS_MOCK_TLS=1; rufus-mock serve >/dev/null & \
    for _ in $(seq 100); do rufus-mock healthcheck 2>/dev/null && break; sleep 0.1; done; \
    rufus-mock healthcheck && kill $! && wait $!
# A new volume that is mounted on one of these folders belongs to the mock's user.
RUN install -d -o 10001 -g 10001 /ca /state
ENV PYTHONDONTWRITEBYTECODE=1
LABEL org.opencontainers.image.title="rufus-mock" \
      org.opencontainers.image.description="A mock of the RUFUS Cloud Public API v0 for race timing" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim-bookworm"
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=5s --start-period=5s CMD ["rufus-mock", "healthcheck"]
ENTRYPOINT ["rufus-mock"]
CMD ["serve"]
