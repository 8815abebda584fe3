<?php
// Nothing is wrong here: every form that the rules let pass, so that they are not stricter than they say.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const LEAVE  = 'doorstep_leave';
const OPTION = 'doorstep_kept';

require_once __DIR__ . '/other.php';
include dirname( FILE ) . '/templates/page.php';
foreach ( glob( __DIR__ . '/includes/*.php' ) as $doorstep_file ) {
	require_once $doorstep_file;
}

add_action( 'admin_menu', __NAMESPACE__ . '\\add_page' );
add_action( 'admin_post_' . LEAVE, __NAMESPACE__ . '\\leave' );
add_action( 'wp_ajax_doorstep_token', array( Tokens::class, 'give' ) );
add_action( 'admin_init', __NAMESPACE__ . '\\look_once' );
add_action( 'rest_api_init', __NAMESPACE__ . '\\add_routes' );
add_filter( 'woocommerce_email_enabled_' . 'customer_note', '__return_true' );
add_shortcode( 'doorstep_stars', __NAMESPACE__ . '\\stars' );

function add_page() {
	add_submenu_page( 'woocommerce', 'Doorstep', 'Doorstep', 'manage_woocommerce', 'doorstep', __NAMESPACE__ . '\\show_page' );
}

/** Who, and whether they wanted to, in a function of its own. */
function ask_first( $action ) {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		wp_die( esc_html__( 'Not for you.', 'doorstep' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( $action );
}

function leave() {
	ask_first( LEAVE );
	$reason = isset( $_POST['reason'] ) ? sanitize_key( wp_unslash( $_POST['reason'] ) ) : '';
	update_option( OPTION, $reason, false );
	delete_option( OPTION );
	wp_safe_redirect( admin_url( 'admin.php?page=doorstep' ) );
	exit;
}

final class Tokens {
	const NAME = 'token';

	public static function give() {
		$nonce = isset( $_REQUEST['nonce'] ) ? sanitize_text_field( wp_unslash( $_REQUEST['nonce'] ) ) : '';
		if ( ! current_user_can( 'manage_woocommerce' ) || ! wp_verify_nonce( $nonce, 'doorstep_token' ) ) {
			wp_send_json( array( 'error' => 'refused' ), 403 );
		}
		wp_send_json( array( self::NAME => self::made() ) );
	}

	private static function made() {
		return hash( 'sha256', wp_json_encode( array( 'time' => time() ) ) );
	}
}

/** It reads nothing of the request. */
function look_once() {
	if ( get_option( 'permalink_structure' ) ) {
		update_option( OPTION, 'pretty' );
	}
}

function add_routes() {
	register_rest_route(
		'wc-doorstep/v1',
		'/settings',
		array(
			array(
				'methods'             => 'POST',
				'callback'            => __NAMESPACE__ . '\\answer',
				'permission_callback' => __NAMESPACE__ . '\\may_set',
			),
			array(
				'methods'             => 'DELETE',
				'callback'            => __NAMESPACE__ . '\\answer',
				'permission_callback' => static function () {
					return current_user_can( 'manage_woocommerce' );
				},
			),
		)
	);
}

function may_set() {
	return current_user_can( 'manage_woocommerce' ) ? true : new \WP_Error( 'doorstep_no', 'no', array( 'allowed' => current_user_can( 'manage_woocommerce' ) ) );
}

function answer() {
	return array( 'connected' => true );
}

function read_request() {
	$page   = absint( $_GET['paged'] ?? 1 );
	$number = (int) $_GET['number'];
	$tab    = isset( $_GET['tab'] ) && in_array( wp_unslash( $_GET['tab'] ), array( 'a', 'b' ), true );
	$posted = isset( $_SERVER['REQUEST_METHOD'] ) && 'POST' === $_SERVER['REQUEST_METHOD'];
	$body   = file_get_contents( 'php://input' );
	return array( $page, $number, $tab, $posted, strlen( $body ) );
}

function show_page() {
	$name  = esc_html( get_option( OPTION ) );
	$count = 3;
	$list  = array();
	foreach ( array( 'a', 'b' ) as $word ) {
		$list[] = '<li>' . esc_html( $word ) . '</li>';
	}
	echo '<h1>' . $name . '</h1>', (int) $count, implode( '', $list ); // Set from what is escaped.
	echo '<p>' . esc_html__( 'Connected.', 'doorstep' ) . "</p>{$count}", $count > 2 ? 'many' : 'few';
	echo implode( ', ', array_map( 'esc_html', array( 'a', 'b' ) ) );
	echo wp_kses_post( get_option( OPTION ) ), stars( array() );
	/* translators: 1: a name, 2: a number */
	printf( esc_html__( '%1$s has %2$d stars', 'doorstep' ), esc_html( $name ), absint( $count ) );
	wp_nonce_field( LEAVE );
	?>
	<a href="<?php echo esc_url( admin_url() ); ?>"><?php esc_html_e( 'Back', 'doorstep' ); ?></a>
	<?php
}

function stars( $given ) {
	$classes = empty( $given['wide'] ) ? 'doorstep' : 'doorstep wide';
	$html    = '<div class="' . esc_attr( $classes ) . '" data-product="' . absint( $given['product'] ) . '">';
	$html   .= sprintf( '<p>%s</p>', esc_html__( 'Reviews', 'doorstep' ) );
	return $html . '</div>';
}

function policy( $said ) {
	return wp_kses_post( '<p>' . $said . '</p>' );
}

function find( $email ) {
	global $wpdb;
	$query = $wpdb->prepare( "SELECT ID FROM {$wpdb->users} WHERE user_email = %s", $email );
	$wpdb->query( "DELETE FROM {$wpdb->options} WHERE option_name LIKE 'doorstep\_%'" );
	return $wpdb->get_var( $query );
}

function ask( $address, $token ) {
	header( 'X-Content-Type-Options: nosniff' );
	wp_enqueue_script( 'doorstep', plugins_url( 'assets/a.js', __FILE__ ), array(), '1.0.0', array( 'strategy' => 'defer' ) );
	wp_enqueue_script( 'wp-components' );
	$secret = get_option( 'doorstep_secret' );
	return wp_safe_remote_post( $address, array( 'timeout' => 5, 'headers' => array( 'X-Doorstep-Signature' => $secret . $token ) ) );
}
