<?php
/**
 * The page "Doorstep" in WooCommerce's menu: Doorstep itself once the shop is connected, the way there before,
 * and beside it how the connection is.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const PAGE_SLUG = 'doorstep';

// After WooCommerce's own entries.
add_action( 'admin_menu', __NAMESPACE__ . '\\add_menu_entry', 60 );
add_action( 'admin_enqueue_scripts', __NAMESPACE__ . '\\add_page_assets' );
add_filter( 'admin_body_class', __NAMESPACE__ . '\\mark_framed_page' );
add_filter( 'plugin_action_links_' . plugin_basename( FILE ), __NAMESPACE__ . '\\add_plugin_link' );

function add_menu_entry() {
	add_submenu_page( 'woocommerce', __( 'Doorstep', 'doorstep' ), __( 'Doorstep', 'doorstep' ), 'manage_woocommerce', PAGE_SLUG, __NAMESPACE__ . '\\show_page' );
}

function is_our_page() {
	$screen = get_current_screen();
	return $screen && 'woocommerce_page_' . PAGE_SLUG === $screen->id;
}

/** Whether Doorstep itself is shown, not the page about the connection. */
function is_framed() {
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- which page is shown; nothing is changed.
	$view = isset( $_GET['view'] ) ? sanitize_key( wp_unslash( $_GET['view'] ) ) : '';
	return is_connected() && 'connection' !== $view;
}

function add_page_assets() {
	if ( ! is_our_page() ) {
		return;
	}
	wp_enqueue_style( 'doorstep-admin', plugins_url( 'assets/admin.css', FILE ), array(), VERSION );
	if ( is_framed() ) {
		wp_enqueue_script( 'doorstep-frame', plugins_url( 'assets/frame.js', FILE ), array(), VERSION, array( 'in_footer' => true ) );
	}
}

function mark_framed_page( $classes ) {
	return is_our_page() && is_framed() ? $classes . ' doorstep-framed' : $classes;
}

function add_plugin_link( $links ) {
	$words = is_connected() ? __( 'Open', 'doorstep' ) : __( 'Connect', 'doorstep' );
	array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( admin_address() ), esc_html( $words ) ) );
	return $links;
}

function admin_address( array $query = array() ) {
	return add_query_arg( $query, admin_url( 'admin.php?page=' . PAGE_SLUG ) );
}

function show_page() {
	if ( ! current_user_can( 'manage_woocommerce' ) ) {
		return;
	}
	echo '<div class="wrap doorstep-page">';
	if ( ! is_connected() ) {
		show_way_in();
	} elseif ( is_framed() ) {
		printf( '<h1 class="screen-reader-text">%s</h1>', esc_html__( 'Doorstep', 'doorstep' ) );
		show_tabs( 'frame' );
		show_frame();
	} else {
		printf( '<h1>%s</h1>', esc_html__( 'Doorstep', 'doorstep' ) );
		show_tabs( 'connection' );
		show_connection();
	}
	echo '</div>';
}

function show_tabs( $current ) {
	$tabs = array(
		'frame'      => array( admin_address(), __( 'Doorstep', 'doorstep' ) ),
		'connection' => array( admin_address( array( 'view' => 'connection' ) ), __( 'Connection', 'doorstep' ) ),
	);
	printf( '<nav class="nav-tab-wrapper" aria-label="%s">', esc_attr__( 'Doorstep', 'doorstep' ) );
	foreach ( $tabs as $name => $tab ) {
		$here = $name === $current;
		printf(
			'<a class="nav-tab%1$s" href="%2$s"%3$s>%4$s</a>',
			esc_attr( $here ? ' nav-tab-active' : '' ),
			esc_url( $tab[0] ),
			$here ? ' aria-current="page"' : '',
			esc_html( $tab[1] )
		);
	}
	echo '</nav>';
}
