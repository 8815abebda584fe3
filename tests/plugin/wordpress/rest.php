<?php
/** The REST server: routes, arguments, permissions, in the order in which WordPress asks for them. */

class WP_REST_Server {
	const READABLE  = 'GET';
	const CREATABLE = 'POST';
	const EDITABLE  = 'POST, PUT, PATCH';
	const DELETABLE = 'DELETE';
	const ALLMETHODS = 'GET, POST, PUT, PATCH, DELETE';
}

class WP_REST_Response {
	public $data;
	public $status;
	public $headers;

	public function __construct( $data = null, $status = 200, $headers = array() ) {
		$this->data    = $data;
		$this->status  = $status;
		$this->headers = $headers;
	}

	public function get_data() {
		return $this->data;
	}

	public function get_status() {
		return $this->status;
	}

	public function get_headers() {
		return $this->headers;
	}

	public function header( $name, $value ) {
		$this->headers[ $name ] = $value;
	}

	public function set_status( $status ) {
		$this->status = $status;
	}
}

class WP_REST_Request implements ArrayAccess {
	private $method;
	private $route;
	private $headers = array();
	private $body    = '';
	private $params  = array( 'JSON' => array(), 'POST' => array(), 'GET' => array(), 'URL' => array(), 'defaults' => array() );
	private $attributes = array();
	private $bad_json = false;

	public function __construct( $method = '', $route = '', $attributes = array() ) {
		$this->method     = strtoupper( $method );
		$this->route      = $route;
		$this->attributes = $attributes;
	}

	public function get_method() {
		return $this->method;
	}

	public function get_route() {
		return $this->route;
	}

	public function get_attributes() {
		return $this->attributes;
	}

	public function set_attributes( $attributes ) {
		$this->attributes = $attributes;
		foreach ( $attributes['args'] ?? array() as $name => $arg ) {
			if ( array_key_exists( 'default', $arg ) ) {
				$this->params['defaults'][ $name ] = $arg['default'];
			}
		}
	}

	public function set_header( $name, $value ) {
		$this->headers[ strtolower( str_replace( '-', '_', $name ) ) ] = $value;
		$this->read_json();
	}

	public function get_header( $name ) {
		return $this->headers[ strtolower( str_replace( '-', '_', $name ) ) ] ?? null;
	}

	public function set_body( $body ) {
		$this->body = $body;
		$this->read_json();
	}

	public function get_body() {
		return $this->body;
	}

	public function set_body_params( $params ) {
		$this->params['POST'] = $params;
	}

	public function set_query_params( $params ) {
		$this->params['GET'] = $params;
	}

	public function set_url_params( $params ) {
		$this->params['URL'] = $params;
	}

	public function get_url_params() {
		return $this->params['URL'];
	}

	public function get_query_params() {
		return $this->params['GET'];
	}

	public function get_json_params() {
		return $this->is_json_content_type() ? $this->params['JSON'] : null;
	}

	public function is_json_content_type() {
		return (bool) preg_match( '#^application/([\w.+-]+\+)?json\b#i', (string) $this->get_header( 'content-type' ) );
	}

	public function set_param( $name, $value ) {
		foreach ( $this->order() as $place ) {
			if ( array_key_exists( $name, $this->params[ $place ] ) ) {
				$this->params[ $place ][ $name ] = $value;
				return;
			}
		}
		$this->params[ $this->order()[0] ][ $name ] = $value;
	}

	public function get_param( $name ) {
		foreach ( $this->order() as $place ) {
			if ( isset( $this->params[ $place ][ $name ] ) ) {
				return $this->params[ $place ][ $name ];
			}
		}
		return null;
	}

	public function get_params() {
		$all = array();
		foreach ( array_reverse( $this->order() ) as $place ) {
			$all = array_merge( $all, $this->params[ $place ] );
		}
		return $all;
	}

	private function order() {
		$order = $this->is_json_content_type() ? array( 'JSON' ) : array();
		return array_merge( $order, 'GET' === $this->method ? array( 'GET', 'URL', 'defaults' ) : array( 'POST', 'GET', 'URL', 'defaults' ) );
	}

	private function read_json() {
		$this->bad_json = false;
		if ( '' === $this->body || ! $this->is_json_content_type() ) {
			return;
		}
		$read = json_decode( $this->body, true );
		if ( null === $read && JSON_ERROR_NONE !== json_last_error() ) {
			$this->bad_json = true;
		} elseif ( is_array( $read ) ) {
			$this->params['JSON'] = $read;
		}
	}

	public function has_valid_params() {
		if ( $this->bad_json ) {
			return new WP_Error( 'rest_invalid_json', 'Invalid JSON body passed.', array( 'status' => 400 ) );
		}
		$args    = $this->attributes['args'] ?? array();
		$missing = array();
		foreach ( $args as $name => $arg ) {
			if ( ! empty( $arg['required'] ) && null === $this->get_param( $name ) ) {
				$missing[] = $name;
			}
		}
		if ( $missing ) {
			return new WP_Error( 'rest_missing_callback_param', 'Missing parameter(s): ' . implode( ', ', $missing ), array( 'status' => 400, 'params' => $missing ) );
		}
		$wrong = array();
		foreach ( $args as $name => $arg ) {
			$value = $this->get_param( $name );
			if ( null === $value || empty( $arg['validate_callback'] ) ) {
				continue;
			}
			$good = call_user_func( $arg['validate_callback'], $value, $this, $name );
			if ( false === $good ) {
				$wrong[ $name ] = 'Invalid parameter.';
			} elseif ( is_wp_error( $good ) ) {
				$wrong[ $name ] = implode( ' ', $good->get_error_messages() );
			}
		}
		return $wrong ? new WP_Error( 'rest_invalid_param', 'Invalid parameter(s): ' . implode( ', ', array_keys( $wrong ) ), array( 'status' => 400, 'params' => $wrong ) ) : true;
	}

	public function sanitize_params() {
		foreach ( $this->attributes['args'] ?? array() as $name => $arg ) {
			if ( isset( $arg['type'] ) && ! isset( $arg['sanitize_callback'] ) ) {
				throw new LogicException( "$name: the default sanitizing by type is not played here" );
			}
			$value = $this->get_param( $name );
			if ( null === $value || empty( $arg['sanitize_callback'] ) ) {
				continue;
			}
			$clean = call_user_func( $arg['sanitize_callback'], $value, $this, $name );
			if ( is_wp_error( $clean ) ) {
				return new WP_Error( 'rest_invalid_param', "Invalid parameter(s): $name", array( 'status' => 400, 'params' => array( $name => $clean->get_error_message() ) ) );
			}
			$this->set_param( $name, $clean );
		}
		return true;
	}

	#[\ReturnTypeWillChange]
	public function offsetExists( $name ) {
		return null !== $this->get_param( $name );
	}

	#[\ReturnTypeWillChange]
	public function offsetGet( $name ) {
		return $this->get_param( $name );
	}

	#[\ReturnTypeWillChange]
	public function offsetSet( $name, $value ) {
		$this->set_param( $name, $value );
	}

	#[\ReturnTypeWillChange]
	public function offsetUnset( $name ) {
		foreach ( array_keys( $this->params ) as $place ) {
			unset( $this->params[ $place ][ $name ] );
		}
	}
}

$GLOBALS['wordpress_routes'] = array();

function register_rest_route( $namespace, $route, $args = array() ) {
	if ( ! doing_action( 'rest_api_init' ) ) {
		throw new LogicException( 'routes are registered in rest_api_init' );
	}
	foreach ( isset( $args['callback'] ) ? array( $args ) : $args as $one ) {
		if ( ! isset( $one['permission_callback'] ) ) {
			throw new LogicException( "$namespace$route has no permission_callback" );
		}
		$methods = array_map( 'trim', is_array( $one['methods'] ) ? $one['methods'] : explode( ',', $one['methods'] ) );
		$GLOBALS['wordpress_routes'][ '/' . trim( $namespace, '/' ) . '/' . trim( $route, '/' ) ][] = array( 'methods' => $methods ) + $one;
	}
	return true;
}

function rest_ensure_response( $answer ) {
	return is_wp_error( $answer ) || $answer instanceof WP_REST_Response ? $answer : new WP_REST_Response( $answer );
}

function rest_authorization_required_code() {
	return is_user_logged_in() ? 403 : 401;
}

/** The answer, errors too. */
function rest_do_request( $request ) {
	if ( ! did_action( 'rest_api_init' ) ) {
		do_action( 'rest_api_init' );
	}
	$answer = rest_answer( $request );
	if ( ! is_wp_error( $answer ) ) {
		return $answer;
	}
	$data   = $answer->get_error_data();
	$status = is_array( $data ) && isset( $data['status'] ) ? $data['status'] : 500;
	$said   = array( 'code' => $answer->get_error_code(), 'message' => $answer->get_error_message(), 'data' => $data );
	return new WP_REST_Response( $said, $status );
}

function rest_answer( WP_REST_Request $request ) {
	$early = apply_filters( 'rest_pre_dispatch', null, null, $request );
	if ( null !== $early ) {
		return rest_ensure_response( $early );
	}
	foreach ( $GLOBALS['wordpress_routes'] as $route => $handlers ) {
		if ( ! preg_match( '@^' . $route . '$@i', $request->get_route(), $found ) ) {
			continue;
		}
		foreach ( $handlers as $handler ) {
			if ( ! in_array( $request->get_method(), $handler['methods'], true ) ) {
				continue;
			}
			$request->set_url_params( array_filter( $found, 'is_string', ARRAY_FILTER_USE_KEY ) );
			$request->set_attributes( $handler );
			// Arguments come before permissions, there too.
			foreach ( array( $request->has_valid_params(), $request->sanitize_params() ) as $checked ) {
				if ( is_wp_error( $checked ) ) {
					return $checked;
				}
			}
			$may = call_user_func( $handler['permission_callback'], $request );
			if ( is_wp_error( $may ) ) {
				return $may;
			}
			if ( ! $may ) {
				return new WP_Error( 'rest_forbidden', 'Sorry, you are not allowed to do that.', array( 'status' => rest_authorization_required_code() ) );
			}
			return rest_ensure_response( call_user_func( $handler['callback'], $request ) );
		}
	}
	return new WP_Error( 'rest_no_route', 'No route was found matching the URL and request method.', array( 'status' => 404 ) );
}
